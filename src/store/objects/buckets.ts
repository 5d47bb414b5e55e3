/** Buckets: few, asked for with every request, so all of them are in memory. */
import type { DatabaseSync } from 'node:sqlite';
import type { Joined } from '../sqlite/unit.ts';
import type { Writer } from '../sqlite/writer.ts';
import { KeyLocks } from './key-locks.ts';
import type { Bucket, BucketSettings } from './records.ts';

export type NewBucket = Omit<Bucket, 'id'>;

export class Buckets {
  readonly #writer: Writer;
  readonly #reader: DatabaseSync;
  readonly #byName = new Map<string, Bucket>();
  readonly #locks = new KeyLocks();

  constructor(reader: DatabaseSync, writer: Writer) {
    this.#reader = reader;
    this.#writer = writer;
    for (const row of reader.prepare('SELECT * FROM bucket').iterate()) this.#keep(bucketOf(row));
  }

  get(name: string): Bucket | undefined {
    return this.#byName.get(name);
  }

  all(): Bucket[] {
    return [...this.#byName.values()];
  }

  /** Sorted by name. */
  list(accountId: string): Bucket[] {
    const own = [...this.#byName.values()].filter((bucket) => bucket.accountId === accountId);
    return own.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Undefined when the name is taken. */
  async create({ name, accountId, region, createdAt, settings }: NewBucket): Promise<Bucket | undefined> {
    const sql = `
      INSERT INTO bucket (name, account, region, created, settings) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;
    const params = [name, accountId, region, createdAt, JSON.stringify(settings)];
    const done = await this.#writer.write([{ sql, params, mustChangeOne: true }]);
    if (!done) return undefined;
    const row = this.#reader.prepare('SELECT * FROM bucket WHERE name = ?').get(name);
    return row === undefined ? undefined : this.#keep(bucketOf(row));
  }

  /** False when the bucket is gone. */
  async configure(name: string, change: (settings: BucketSettings) => BucketSettings, also?: Joined): Promise<boolean> {
    return this.#locks.run(name, async () => {
      const bucket = this.#byName.get(name);
      if (bucket === undefined) return false;
      const settings = change(bucket.settings);
      const sql = 'UPDATE bucket SET settings = ? WHERE id = ?';
      const params = [JSON.stringify(settings), bucket.id];
      const done = await this.#writer.write([{ sql, params, mustChangeOne: true }, ...(also?.statements ?? [])]);
      if (done) also?.committed();
      if (done) this.#keep({ ...bucket, settings: JSON.parse(JSON.stringify(settings)) });
      return done;
    });
  }

  /** False when there is an object in it, or it is gone. Unfinished uploads go with it. */
  async delete({ id, name }: Bucket): Promise<boolean> {
    return this.#locks.run(name, async () => {
      const empty = 'DELETE FROM bucket WHERE id = ? AND NOT EXISTS (SELECT 1 FROM object WHERE bucket = ?)';
      const uploads = '(SELECT sequence FROM upload WHERE bucket = ?)';
      const done = await this.#writer.write([
        { sql: empty, params: [id, id], mustChangeOne: true },
        { sql: `UPDATE object_file SET owner = NULL WHERE owner IN ${uploads}`, params: [id] },
        { sql: `DELETE FROM upload_part WHERE upload IN ${uploads}`, params: [id] },
        { sql: 'DELETE FROM upload WHERE bucket = ?', params: [id] },
      ]);
      if (done) this.#byName.delete(name);
      return done;
    });
  }

  #keep(bucket: Bucket): Bucket {
    this.#byName.set(bucket.name, bucket);
    return bucket;
  }
}

function bucketOf(row: Record<string, unknown>): Bucket {
  return {
    id: Number(row.id),
    name: String(row.name),
    accountId: String(row.account),
    region: String(row.region),
    createdAt: Number(row.created),
    settings: JSON.parse(String(row.settings)),
  };
}
