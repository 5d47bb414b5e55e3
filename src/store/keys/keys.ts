/**
 * Access keys, and the users, roles and policies that they may stand for, in a database of their own: `lambent keys`
 * writes it while a server runs and without its lock, and the server sees soon afterwards what was changed.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemRandom } from '../../base/random.ts';
import { documentsOf, grantsOf, roleOf } from '../../iam/grants.ts';
import { base32Letters, entityId } from '../../iam/ids.ts';
import type { AccessKey, RoleGrants } from '../../iam/keys.ts';
import { entityArn, type IamRecords, parsedEntityArn, type User } from '../../iam/records.ts';
import { startProblem } from '../problem.ts';
import { openForWriting } from '../sqlite/connection.ts';
import { migrate } from '../sqlite/migrate.ts';
import { IamDatabase, iamSchema, Remembered } from './iam-database.ts';
import { SqliteIamRecords } from './iam-records.ts';

export interface StoredKey extends AccessKey {
  readonly kind: 'root' | 'user' | 'role';
  /** Documents of the user's own policies, and of this key's. */
  readonly policies: readonly string[];
}

/** What may be shown of a key: not its secret. */
export interface ListedKey {
  readonly accessKeyId: string;
  readonly accountId: string;
  readonly principalArn: string;
  /** Those of the key itself. */
  readonly policies: readonly string[];
  readonly description: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** False for one that does not count until it is made active again. */
  readonly active: boolean;
}

export interface NewKey {
  readonly accountId: string;
  /** Whose it is; the account's root when nobody is named. One who is not there yet comes to be. */
  readonly user?: string;
  /** Documents that are valid; of a user only, since they could not hold a root back. */
  readonly policies?: readonly string[];
  readonly description?: string;
  readonly createdAt: number;
}

export interface Keys {
  readonly records: IamRecords;
  /** The same object as long as nothing has changed. What another process changes counts within a fifth of a second. */
  find(accessKeyId: string): StoredKey | undefined;
  /** What a role may do; also the same object as long as nothing has changed. */
  role(arn: string): RoleGrants | undefined;
  /** Of a managed policy, of its default version. */
  documents(policyArn: string): readonly string[];
  create(key: NewKey): StoredKey;
  list(): ListedKey[];
  /** In place of those that the user has with this key; false when there is no such user's key. */
  setPolicies(accessKeyId: string, policies: readonly string[]): boolean;
  setActive(accessKeyId: string, active: boolean): void;
  /** False when there was none. */
  delete(accessKeyId: string): boolean;
  /** From a time when every role could do everything, there are functions whose roles are to be kept as they were. */
  formerRoles(): boolean;
  formerRolesKept(): void;
  close(): void;
}

/** Throws `StartError` where the folder cannot be used. */
export function openKeys(dataDir: string): Keys {
  const path = join(dataDir, 'keys.db');
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const database = openForWriting(path);
    migrate(database, iamSchema);
    return new SqliteKeys(new IamDatabase(database));
  } catch (error) {
    throw startProblem(path, error);
  }
}

class SqliteKeys implements Keys {
  readonly records: SqliteIamRecords;
  readonly #database: IamDatabase;
  /** Also who is not there: in the open mode most requests come with a key that nobody made. */
  readonly #found: Remembered<StoredKey | undefined>;
  readonly #roles: Remembered<RoleGrants | undefined>;

  constructor(database: IamDatabase) {
    this.#database = database;
    this.records = new SqliteIamRecords(database);
    this.#found = new Remembered(database);
    this.#roles = new Remembered(database);
  }

  find(accessKeyId: string): StoredKey | undefined {
    return this.#found.get(accessKeyId, () => {
      const select = 'SELECT * FROM access_key WHERE id = ? AND active = 1';
      const row = this.#database.sql.prepare(select).get(accessKeyId);
      return row && this.#keyOf(row);
    });
  }

  role(arn: string): RoleGrants | undefined {
    return this.#roles.get(arn, () => {
      const role = roleOf(this.records, arn);
      return role && { id: role.id, ...grantsOf(this.records, role) };
    });
  }

  documents(policyArn: string): readonly string[] {
    return documentsOf(this.records, policyArn);
  }

  create({ accountId, user, policies = [], description = '', createdAt }: NewKey): StoredKey {
    const accessKeyId = `AKIA${base32Letters(16, systemRandom)}`;
    const secret = randomBytes(30).toString('base64');
    const arn =
      user === undefined
        ? `arn:aws:iam::${accountId}:root`
        : entityArn('user', accountId, this.#userNamed(accountId, user, createdAt));
    this.#database.sql
      .prepare(
        `INSERT INTO access_key (id, secret, account, principal, kind, description, created, policies)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        ...[accessKeyId, secret, accountId, arn, user === undefined ? 'root' : 'user', description, createdAt],
        JSON.stringify(policies),
      );
    this.#database.changed();
    const key = this.find(accessKeyId);
    if (key === undefined) throw new Error(`The key ${accessKeyId} was deleted at once`);
    return key;
  }

  #userNamed(accountId: string, name: string, createdAt: number): User {
    const there = this.records.get('user', accountId, name);
    if (there !== undefined) return there;
    const id = entityId('user', systemRandom);
    const user: User = { name, path: '/', id, createdAt, tags: {}, inline: {}, attached: [] };
    return this.records.add('user', accountId, user);
  }

  list(): ListedKey[] {
    const rows = this.#database.sql.prepare('SELECT * FROM access_key ORDER BY created, id').all();
    return rows.map((row) => ({
      accessKeyId: String(row.id),
      accountId: String(row.account),
      principalArn: String(row.principal),
      policies: policiesOf(row),
      description: String(row.description),
      createdAt: Number(row.created),
      active: row.active === 1,
    }));
  }

  setPolicies(accessKeyId: string, policies: readonly string[]): boolean {
    const update = this.#database.sql.prepare(`UPDATE access_key SET policies = ? WHERE id = ? AND kind = 'user'`);
    const { changes } = update.run(JSON.stringify(policies), accessKeyId);
    this.#database.changed();
    return changes > 0;
  }

  setActive(accessKeyId: string, active: boolean): void {
    this.#database.sql.prepare('UPDATE access_key SET active = ? WHERE id = ?').run(active ? 1 : 0, accessKeyId);
    this.#database.changed();
  }

  delete(accessKeyId: string): boolean {
    const { changes } = this.#database.sql.prepare('DELETE FROM access_key WHERE id = ?').run(accessKeyId);
    this.#database.changed();
    return changes > 0;
  }

  formerRoles(): boolean {
    return this.#database.sql.prepare('SELECT 1 FROM former_roles').get() !== undefined;
  }

  formerRolesKept(): void {
    this.#database.sql.exec('DELETE FROM former_roles');
  }

  close(): void {
    this.#database.sql.close();
  }

  #keyOf(row: Record<string, unknown>): StoredKey {
    const key: StoredKey = {
      accessKeyId: String(row.id),
      secretAccessKey: String(row.secret),
      accountId: String(row.account),
      principalArn: String(row.principal),
      kind: row.kind === 'user' || row.kind === 'role' ? row.kind : 'root',
      policies: policiesOf(row),
    };
    const named = parsedEntityArn(key.principalArn);
    const user = named && this.records.get('user', key.accountId, named.name);
    if (user === undefined || user.name !== named?.name) return key;
    const { policies, limits, tags } = grantsOf(this.records, user);
    return { ...key, policies: [...key.policies, ...policies], limits, tags, id: user.id };
  }
}

function policiesOf(row: Record<string, unknown>): readonly string[] {
  return JSON.parse(String(row.policies)); // a list of texts: written above
}
