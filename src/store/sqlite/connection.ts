import { DatabaseSync } from 'node:sqlite';

/** What a commit may wait for a reader of another process that holds the file. */
const busyMsMax = 5_000;
const walBytesKept = 64 * 1024 * 1024;

/** Commits are on the disk when they return: WAL, synchronous FULL. */
export function openForWriting(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: busyMsMax });
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    database.exec(`PRAGMA journal_size_limit = ${walBytesKept}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

export function openForReading(path: string): DatabaseSync {
  return new DatabaseSync(path, { readOnly: true, timeout: busyMsMax });
}
