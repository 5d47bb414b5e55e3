/** Multipart uploads: parts are files from the start, and become pieces of the object without being read again. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Statement } from '../sqlite/unit.ts';
import type { Bucket, Part, Upload, UploadDetails } from './records.ts';
import { partOf, uploadOf } from './rows.ts';
import type { StagedBody } from './staging.ts';
import { disown, lockOf, ownFile, type VersionParts } from './versions.ts';

export interface NewPart {
  readonly upload: Upload;
  readonly number: number;
  readonly etag: string;
  readonly checksum?: string;
  readonly body: StagedBody & { readonly kind: 'files' };
}

export class Uploads {
  readonly #parts: VersionParts;
  readonly #find: StatementSync;
  readonly #list: StatementSync;
  readonly #one: StatementSync;

  constructor(parts: VersionParts & { readonly reader: DatabaseSync }) {
    this.#parts = parts;
    this.#find = parts.reader.prepare('SELECT * FROM upload WHERE id = ?');
    this.#list = parts.reader.prepare(
      'SELECT * FROM upload_part WHERE upload = ? AND number > ? ORDER BY number LIMIT ?',
    );
    this.#one = parts.reader.prepare('SELECT file FROM upload_part WHERE upload = ? AND number = ?');
  }

  /** Undefined when the bucket is gone. */
  async create(bucket: Bucket, key: string, details: UploadDetails): Promise<Upload | undefined> {
    const { sequence, modified: initiated } = this.#parts.sequences.next();
    const id = this.#parts.sequences.versionId() + this.#parts.sequences.versionId();
    const sql = `
      INSERT INTO upload (sequence, bucket, key, id, initiated, details) SELECT ?, id, ?, ?, ?, ? FROM bucket WHERE id = ?`;
    const params = [sequence, key, id, initiated, JSON.stringify(details), bucket.id];
    const done = await this.#parts.writer.write([{ sql, params, mustChangeOne: true }]);
    return done ? { sequence, bucket: bucket.id, key, id, initiated, details } : undefined;
  }

  find(bucket: Bucket, key: string, id: string): Upload | undefined {
    const row = this.#find.get(id);
    if (row === undefined) return undefined;
    const upload = uploadOf(row);
    return upload.bucket === bucket.id && upload.key === key ? upload : undefined;
  }

  /** In the order of their numbers. */
  parts({ sequence }: Upload, after = 0, limit = -1): Part[] {
    return this.#list.all(sequence, after, limit).map(partOf);
  }

  /** Takes the place of the part with its number. Undefined when the upload is gone; the body is discarded then. */
  async putPart(bucket: Bucket, part: NewPart): Promise<Part | undefined> {
    const { upload, body } = part;
    const [piece] = body.pieces;
    if (piece === undefined) return undefined;
    const { modified } = this.#parts.sequences.next();
    // When this throws, the next start finds out whether the part was kept.
    const done = await this.#parts.locks.run(lockOf(bucket, upload.key), () =>
      this.#parts.writer.write(this.#partUnit(part, piece.file, modified)),
    );
    await (done ? this.#parts.files.settle(piece.file) : this.#parts.files.discard(piece.file));
    if (!done) return undefined;
    this.#parts.orphans.kick();
    return { number: part.number, file: piece.file, size: body.size, etag: part.etag, modified };
  }

  /** False when it is gone already. */
  async abort(bucket: Bucket, { sequence, key }: Upload): Promise<boolean> {
    const unit: Statement[] = [
      { sql: 'DELETE FROM upload WHERE sequence = ?', params: [sequence], mustChangeOne: true },
      { sql: 'DELETE FROM upload_part WHERE upload = ?', params: [sequence] },
      disown(sequence),
    ];
    const done = await this.#parts.locks.run(lockOf(bucket, key), () => this.#parts.writer.write(unit));
    this.#parts.orphans.kick();
    return done;
  }

  #partUnit({ upload: { sequence }, number, etag, checksum, body }: NewPart, file: string, modified: number) {
    const before = this.#one.get(sequence, number);
    const unit: Statement[] = [];
    if (before !== undefined) {
      const sql = 'UPDATE object_file SET owner = NULL WHERE id = ?';
      unit.push({ sql, params: [String(before.file)] });
    }
    const sql = `
      INSERT OR REPLACE INTO upload_part (upload, number, file, size, etag, modified, checksum)
      SELECT sequence, ?, ?, ?, ?, ?, ? FROM upload WHERE sequence = ?`;
    const params = [number, file, body.size, etag, modified, checksum ?? null, sequence];
    unit.push({ sql, params, mustChangeOne: true }, ownFile(file, sequence));
    return unit;
  }
}
