/**
 * Access keys, in a database of their own: `lambent keys` writes it while a server runs and without its lock, and the
 * server sees soon afterwards what was created or deleted.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { systemClock } from '../../base/clock.ts';
import { startProblem } from '../problem.ts';
import { openForWriting } from '../sqlite/connection.ts';
import { migrate } from '../sqlite/migrate.ts';

export interface StoredKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly accountId: string;
  readonly principalArn: string;
  readonly kind: 'root' | 'user' | 'role';
  /** Documents of the user's own policies. */
  readonly policies: readonly string[];
}

/** What may be shown of a key: not its secret. */
export interface ListedKey {
  readonly accessKeyId: string;
  readonly accountId: string;
  readonly principalArn: string;
  readonly policies: readonly string[];
  readonly description: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

export interface NewKey {
  readonly accountId: string;
  /** Whose it is; the account's root when nobody is named. */
  readonly user?: string;
  /** Documents that are valid; of a user only, since they could not hold a root back. */
  readonly policies?: readonly string[];
  readonly description?: string;
  readonly createdAt: number;
}

export interface Keys {
  /** The same object as long as nothing has changed. What another process changes counts within a fifth of a second. */
  find(accessKeyId: string): StoredKey | undefined;
  create(key: NewKey): StoredKey;
  list(): ListedKey[];
  /** In place of those that the user has with this key; false when there is no such user's key. */
  setPolicies(accessKeyId: string, policies: readonly string[]): boolean;
  /** False when there was none. */
  delete(accessKeyId: string): boolean;
  close(): void;
}

/** Throws `StartError` where the folder cannot be used. */
export function openKeys(dataDir: string): Keys {
  const path = join(dataDir, 'keys.db');
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const database = openForWriting(path);
    migrate(database, schema);
    return new SqliteKeys(database);
  } catch (error) {
    throw startProblem(path, error);
  }
}

/** One step a release; append only. */
const schema = [
  `CREATE TABLE access_key (
    id TEXT PRIMARY KEY,
    secret TEXT NOT NULL,
    account TEXT NOT NULL,
    principal TEXT NOT NULL,
    kind TEXT NOT NULL,
    description TEXT NOT NULL,
    created INTEGER NOT NULL
  ) WITHOUT ROWID`,
  // A list of documents, as JSON.
  `ALTER TABLE access_key ADD COLUMN policies TEXT NOT NULL DEFAULT '[]'`,
];

const lookEveryMs = 200;
const foundMax = 10_000;

class SqliteKeys implements Keys {
  readonly #database: DatabaseSync;
  readonly #version: StatementSync;
  /** Also who is not there: in the open mode most requests come with a key that nobody made. */
  readonly #found = new Map<string, StoredKey | undefined>();
  #versionFound: unknown;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(database: DatabaseSync) {
    this.#database = database;
    // Changes when another connection has changed the file.
    this.#version = database.prepare('PRAGMA data_version');
  }

  find(accessKeyId: string): StoredKey | undefined {
    this.#forgetWhatChanged();
    if (this.#found.has(accessKeyId)) return this.#found.get(accessKeyId);
    const row = this.#database.prepare('SELECT * FROM access_key WHERE id = ?').get(accessKeyId);
    const key = row === undefined ? undefined : keyOf(row);
    if (this.#found.size >= foundMax) this.#found.clear();
    this.#found.set(accessKeyId, key);
    return key;
  }

  /** Asked of the file now and then only: with every request it would be the dearest part of verifying a signature. */
  #forgetWhatChanged(): void {
    const now = systemClock.monotonic();
    if (now - this.#lookedAt < lookEveryMs) return;
    this.#lookedAt = now;
    const version = this.#version.get()?.data_version;
    if (version !== this.#versionFound) this.#found.clear();
    this.#versionFound = version;
  }

  create({ accountId, user, policies = [], description = '', createdAt }: NewKey): StoredKey {
    const key: StoredKey = {
      accessKeyId: `AKIA${letters(16)}`,
      secretAccessKey: randomBytes(30).toString('base64'),
      accountId,
      principalArn: `arn:aws:iam::${accountId}:${user === undefined ? 'root' : `user/${user}`}`,
      kind: user === undefined ? 'root' : 'user',
      policies,
    };
    this.#found.delete(key.accessKeyId);
    this.#database
      .prepare(
        `INSERT INTO access_key (id, secret, account, principal, kind, description, created, policies)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        ...[key.accessKeyId, key.secretAccessKey, accountId, key.principalArn, key.kind, description, createdAt],
        JSON.stringify(policies),
      );
    return key;
  }

  list(): ListedKey[] {
    const rows = this.#database.prepare('SELECT * FROM access_key ORDER BY created, id').all();
    return rows.map((row) => ({
      accessKeyId: String(row.id),
      accountId: String(row.account),
      principalArn: String(row.principal),
      policies: policiesOf(row),
      description: String(row.description),
      createdAt: Number(row.created),
    }));
  }

  setPolicies(accessKeyId: string, policies: readonly string[]): boolean {
    this.#found.delete(accessKeyId);
    const update = this.#database.prepare(`UPDATE access_key SET policies = ? WHERE id = ? AND kind = 'user'`);
    return update.run(JSON.stringify(policies), accessKeyId).changes > 0;
  }

  delete(accessKeyId: string): boolean {
    this.#found.delete(accessKeyId);
    return this.#database.prepare('DELETE FROM access_key WHERE id = ?').run(accessKeyId).changes > 0;
  }

  close(): void {
    this.#database.close();
  }
}

function keyOf(row: Record<string, unknown>): StoredKey {
  const kind = row.kind === 'user' || row.kind === 'role' ? row.kind : 'root';
  return {
    accessKeyId: String(row.id),
    secretAccessKey: String(row.secret),
    accountId: String(row.account),
    principalArn: String(row.principal),
    kind,
    policies: policiesOf(row),
  };
}

function policiesOf(row: Record<string, unknown>): readonly string[] {
  return JSON.parse(String(row.policies)); // a list of texts: written above
}

/** AWS's key identifiers are base 32: capital letters and the digits 2 to 7. */
function letters(count: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return Array.from({ length: count }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}
