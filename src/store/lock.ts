/**
 * One server a data folder. The lock is SQLite's own, on a file that holds nothing: the kernel lets go of it with the
 * process, however that ends, so there is never a stale file to delete.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartError } from '../config/start-error.ts';

const busy = 5;

export interface DataLock {
  release(): void;
}

export function lockData(dataDir: string): DataLock {
  const pidFile = join(dataDir, 'server.pid');
  const database = new DatabaseSync(join(dataDir, 'lock.db'), { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) throw lockedBy(dataDir, pidFile, error);
    throw error;
  }
  // Only for the message to whoever comes second.
  writeFileSync(pidFile, `${process.pid}\n`);
  return {
    release() {
      rmSync(pidFile, { force: true });
      database.close();
    },
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === busy;
}

function lockedBy(dataDir: string, pidFile: string, cause: unknown): StartError {
  const pid = read(pidFile);
  const who = /^\d+$/.test(pid) ? `process ${pid}` : 'another server';
  const message = `Cannot use the data folder ${dataDir}: ${who} uses it; stop that one, or choose another with --data`;
  return new StartError('data-locked', message, { cause });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
