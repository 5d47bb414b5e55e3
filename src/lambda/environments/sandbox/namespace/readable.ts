/**
 * Makes files and folders that environments, which are other users, can pass and read, however private this server's own
 * files are (a umask of 077). Only for work that does not wait: the mask is the whole program's.
 */
export function readableByOthers<T>(work: () => T): T {
  const mask = process.umask(0o022);
  try {
    return work();
  } finally {
    process.umask(mask);
  }
}
