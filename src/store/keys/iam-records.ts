import type { IamRecords, RecordKind, RecordKinds } from '../../iam/records.ts';
import { type IamDatabase, Remembered } from './iam-database.ts';

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

  put<K extends RecordKind>(kind: K, accountId: string, record: RecordKinds[K]): void {
    this.#database.sql
      .prepare('INSERT OR REPLACE INTO iam_record (kind, account, name, document) VALUES (?, ?, ?, ?)')
      .run(kind, accountId, record.name.toLowerCase(), JSON.stringify(record));
    this.#database.changed();
  }

  delete(kind: RecordKind, accountId: string, name: string): void {
    this.#database.sql
      .prepare('DELETE FROM iam_record WHERE kind = ? AND account = ? AND name = ?')
      .run(kind, accountId, name.toLowerCase());
    this.#database.changed();
  }
}
