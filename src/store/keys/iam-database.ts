/** The file of keys, users, roles and policies: written by the server and, without its lock, by `lambent keys`. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { systemClock } from '../../base/clock.ts';

/** One step a release; append only. */
export const iamSchema = [
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
  // Users were nothing but a name of their keys. Where there are keys, requests were signed, and roles could do everything.
  `
  ALTER TABLE access_key ADD COLUMN active INTEGER NOT NULL DEFAULT 1;
  CREATE TABLE iam_record (
    kind TEXT NOT NULL,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (kind, account, name)
  ) WITHOUT ROWID;
  INSERT OR IGNORE INTO iam_record
    SELECT 'user', account, lower(substr(principal, 32)), json_object(
      'name', substr(principal, 32), 'path', '/', 'id', 'AIDA' || substr(hex(randomblob(9)), 1, 17),
      'createdAt', created, 'tags', json('{}'), 'inline', json('{}'), 'attached', json('[]'))
    FROM access_key WHERE kind = 'user';
  CREATE TABLE former_roles (waiting INTEGER NOT NULL);
  INSERT INTO former_roles SELECT 1 FROM access_key LIMIT 1;
  `,
];

const lookEveryMs = 200;

/** Tells whoever remembers what it read when that may be out of date. */
export class IamDatabase {
  readonly sql: DatabaseSync;
  readonly #version: StatementSync;
  #versionFound: unknown;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #edition = 0;

  constructor(sql: DatabaseSync) {
    this.sql = sql;
    // Changes when another connection has changed the file.
    this.#version = sql.prepare('PRAGMA data_version');
  }

  /**
   * Another number when something was changed. The file is asked now and then only: with every request it would be the
   * dearest part of verifying a signature.
   */
  edition(): number {
    const now = systemClock.monotonic();
    if (now - this.#lookedAt < lookEveryMs) return this.#edition;
    this.#lookedAt = now;
    const version = this.#version.get()?.data_version;
    if (version !== this.#versionFound) this.#edition += 1;
    this.#versionFound = version;
    return this.#edition;
  }

  /** Something was changed here. */
  changed(): void {
    this.#edition += 1;
  }
}

const rememberedMax = 10_000;

/** What was read of the file, as long as nothing in it has changed; also what is not there. */
export class Remembered<Value> {
  readonly #database: IamDatabase;
  readonly #values = new Map<string, Value>();
  #edition = -1;

  constructor(database: IamDatabase) {
    this.#database = database;
  }

  get(key: string, read: () => Value): Value {
    const edition = this.#database.edition();
    if (edition !== this.#edition || this.#values.size >= rememberedMax) this.#values.clear();
    this.#edition = edition;
    const known = this.#values.get(key);
    if (known !== undefined || this.#values.has(key)) return known as Value; // it has the key, so it has the value
    const value = read();
    this.#values.set(key, value);
    return value;
  }
}
