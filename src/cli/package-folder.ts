/** A folder as a ZIP that Lambda takes. The same files always make the same bytes, so an unchanged deploy changes nothing. */
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { ZipFile } from 'yazl';
import { CommandError, exitCodes } from './exit.ts';

export interface Package {
  readonly zip: Buffer;
  readonly files: number;
  readonly unzippedBytes: number;
}

// ZIP has no time zone and starts in 1980; any fixed time will do.
const mtime = new Date('2020-01-01T00:00:00Z');
const leftOut = new Set(['.git', '.DS_Store']);
const linkMode = 0o120777;

/** What AWS allows once unpacked; checked here so that a wrong folder is noticed before it is read whole. */
const unzippedBytesMax = 250 * 1024 * 1024;

export async function packageFolder(folder: string): Promise<Package> {
  const zip = new ZipFile();
  const bytes = collected(zip.outputStream);
  let files = 0;
  let unzippedBytes = 0;
  for await (const path of walk(folder)) {
    const name = relative(folder, path).split(sep).join('/');
    const entry = await read(folder, path);
    files += 1;
    unzippedBytes += entry.content.length;
    if (unzippedBytes > unzippedBytesMax) throw tooLarge(folder);
    zip.addBuffer(entry.content, name, { mtime, mode: entry.mode, forceDosTimestamp: true });
  }
  if (files === 0) throw new CommandError(exitCodes.data, `Cannot package ${folder}: there is no file in it`);
  zip.end();
  return { zip: await bytes, files, unzippedBytes };
}

async function* walk(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (leftOut.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else if (entry.isFile() || entry.isSymbolicLink()) yield path;
  }
}

async function read(folder: string, path: string): Promise<{ content: Buffer; mode: number }> {
  const { mode, size } = await lstat(path);
  if ((mode & 0o170000) === (linkMode & 0o170000)) return { content: await linkTarget(folder, path), mode: linkMode };
  if (size > unzippedBytesMax) throw tooLarge(folder);
  // Others must be able to read and, where the owner may, run it: a function is not run by the owner of the files.
  return { content: await readFile(path), mode: (mode & 0o111) !== 0 ? 0o100755 : 0o100644 };
}

async function linkTarget(folder: string, path: string): Promise<Buffer> {
  const target = await readlink(path);
  if (!`${resolve(dirname(path), target)}${sep}`.startsWith(`${resolve(folder)}${sep}`)) {
    throw new CommandError(exitCodes.data, `Cannot package ${path}: the link leads out of the folder, to ${target}`);
  }
  return Buffer.from(target);
}

async function collected(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function tooLarge(folder: string): CommandError {
  return new CommandError(exitCodes.data, `Cannot package ${folder}: it holds more than 250 MB, Lambda's limit`);
}
