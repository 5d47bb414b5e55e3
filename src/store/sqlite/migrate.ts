import type { DatabaseSync } from 'node:sqlite';

/** A newer Lambent wrote this file. */
export class NewerDatabaseError extends Error {
  override readonly name = 'NewerDatabaseError';
}

/**
 * Brings a database up to date: step n takes it from version n to n + 1. All in one transaction, so that a process that
 * is killed half way leaves the old version.
 */
export function migrate(database: DatabaseSync, steps: readonly string[]): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    const from = versionOf(database);
    if (from > steps.length) {
      throw new NewerDatabaseError(`it has version ${from} and this program knows up to ${steps.length}`);
    }
    for (const step of steps.slice(from)) database.exec(step);
    database.exec(`PRAGMA user_version = ${steps.length}`);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
}
