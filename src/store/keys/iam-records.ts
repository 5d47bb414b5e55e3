import type { IamRecords, RecordKind, RecordKinds } from '../../iam/records.ts';
import { type IamDatabase, Remembered } from './iam-database.ts';

type AnyRecord = RecordKinds[RecordKind];

export class SqliteIamRecords implements IamRecords {
  readonly #database: IamDatabase;
  readonly #records: Remembered<unknown>;

  constructor(database: IamDatabase) {
    this.#database = database;
    this.#records = new Remembered(database);
  }

  get<K extends RecordKind>(kind: K, accountId: string, name: string): RecordKinds[K] | undefined {
    const key = name.toLowerCase();
    const read = () => {
      const select = 'SELECT document FROM iam_record WHERE kind = ? AND account = ? AND name = ?';
      const row = this.#database.sql.prepare(select).get(kind, accountId, key);
      return row && JSON.parse(String(row.document));
    };
    return this.#records.get(`${kind} ${accountId} ${key}`, read) as RecordKinds[K] | undefined; // put below
  }

  all<K extends RecordKind>(kind: K, accountId: string): RecordKinds[K][] {
    const select = 'SELECT document FROM iam_record WHERE kind = ? AND account = ? ORDER BY name';
    const rows = this.#database.sql.prepare(select).all(kind, accountId);
    return rows.map(({ document }) => JSON.parse(String(document)));
  }

  count(kind: RecordKind, accountId: string): number {
    const select = 'SELECT count(*) AS count FROM iam_record WHERE kind = ? AND account = ?';
    return Number(this.#database.sql.prepare(select).get(kind, accountId)?.count ?? 0);
  }

  add<K extends RecordKind>(kind: K, accountId: string, record: RecordKinds[K]): RecordKinds[K] {
    this.#write('INSERT OR IGNORE', kind, accountId, record);
    return this.get(kind, accountId, record.name) ?? record;
  }

  put<K extends RecordKind>(kind: K, accountId: string, record: RecordKinds[K]): void {
    this.#write('INSERT OR REPLACE', kind, accountId, record);
  }

  delete(kind: RecordKind, accountId: string, name: string): void {
    this.#database.sql
      .prepare('DELETE FROM iam_record WHERE kind = ? AND account = ? AND name = ?')
      .run(kind, accountId, name.toLowerCase());
    this.#database.changed();
  }

  #write(how: 'INSERT OR IGNORE' | 'INSERT OR REPLACE', kind: RecordKind, accountId: string, record: AnyRecord): void {
    this.#database.sql
      .prepare(`${how} INTO iam_record (kind, account, name, document) VALUES (?, ?, ?, ?)`)
      .run(kind, accountId, record.name.toLowerCase(), JSON.stringify(record));
    this.#database.changed();
  }
}
