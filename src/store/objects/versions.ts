/** Objects and their versions: written under a lock of their key, so that what a condition read is still so when it commits. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Joined, Statement } from '../sqlite/unit.ts';
import { WriteError, type Writer } from '../sqlite/writer.ts';
import type { BodyFiles } from './body-files.ts';
import type { KeyLocks } from './key-locks.ts';
import type { Orphans } from './orphans.ts';
import type { Bucket, ObjectDetails, ObjectVersion, Piece, Upload } from './records.ts';
import { versionColumns, versionOf } from './rows.ts';
import type { Sequences } from './sequences.ts';
import type { StagedBody } from './staging.ts';

/** A multipart upload's parts in their order, and the files of those that were left out. */
export interface CompletedBody {
  readonly kind: 'upload';
  readonly upload: Upload;
  readonly size: number;
  readonly pieces: readonly Piece[];
  readonly unused: readonly string[];
}

export interface NewObject {
  readonly bucket: Bucket;
  readonly key: string;
  readonly etag: string;
  readonly body: StagedBody | CompletedBody;
  readonly details: ObjectDetails;
  /** Throws when a condition of the caller does not hold. */
  check?(current: ObjectVersion | undefined): void;
  /** What is committed with it, or not at all: what the object causes. */
  also?(version: ObjectVersion): Joined;
}

export interface Removal {
  readonly bucket: Bucket;
  readonly key: string;
  /** Without one: the object, which leaves a marker in a versioned bucket. */
  readonly version?: string;
  check?(current: ObjectVersion | undefined): void;
  also?(removed: Removed): Joined;
}

/** `marked`: a delete marker is the latest now. `removed`: a version, or an object without versions, is gone. */
export interface Removed {
  readonly kind: 'marked' | 'removed' | 'absent';
  readonly version: ObjectVersion | undefined;
  readonly sequence: number;
}

export interface VersionParts {
  readonly reader: DatabaseSync;
  readonly writer: Writer;
  readonly files: BodyFiles;
  readonly locks: KeyLocks;
  readonly orphans: Orphans;
  readonly sequences: Sequences;
}

const noDetails: ObjectDetails = { headers: {}, metadata: {}, tags: [], storageClass: 'STANDARD' };

export class Versions {
  readonly #parts: VersionParts;
  readonly #latest: StatementSync;
  readonly #byVersion: StatementSync;
  readonly #body: StatementSync;

  constructor(parts: VersionParts) {
    this.#parts = parts;
    const select = `SELECT ${versionColumns} FROM object WHERE bucket = ? AND key = ?`;
    this.#latest = parts.reader.prepare(`${select} ORDER BY sequence DESC LIMIT 1`);
    this.#byVersion = parts.reader.prepare(`${select} AND version = ?`);
    this.#body = parts.reader.prepare('SELECT bytes FROM object_body WHERE sequence = ?');
  }

  /** The latest, which may be a marker; or the one of that version. */
  find(bucket: Bucket, key: string, version?: string): ObjectVersion | undefined {
    const row = version === undefined ? this.#latest.get(bucket.id, key) : this.#byVersion.get(bucket.id, key, version);
    return row === undefined ? undefined : versionOf(row);
  }

  /** Its bytes from `start` to before `end`. Called in the snapshot that found the version, it cannot be gone meanwhile. */
  read(version: ObjectVersion, start = 0, end = version.size): Buffer | AsyncIterable<Buffer> {
    if (start >= end) return Buffer.alloc(0);
    if (version.pieces.length > 0) return this.#parts.files.read(version.pieces, start, end);
    return this.readInline(version).subarray(start, end);
  }

  /** The bytes of an object that has no files. */
  readInline({ sequence, size, key }: ObjectVersion): Buffer {
    if (size === 0) return Buffer.alloc(0);
    const bytes = this.#body.get(sequence)?.bytes;
    if (!(bytes instanceof Uint8Array)) throw new Error(`Cannot read the body of ${key}: it is not there any more`);
    return Buffer.from(bytes.buffer, bytes.byteOffset, size);
  }

  /** Durable when it resolves. Undefined when the bucket, or the upload, is gone; the body is discarded then. */
  async put(object: NewObject): Promise<ObjectVersion | undefined> {
    const { bucket, key, body } = object;
    let version: ObjectVersion | undefined;
    try {
      version = await this.#parts.locks.run(lockOf(bucket, key), () => this.#put(object));
    } catch (error) {
      // Whether a write that failed was done after all is for the next start to find out.
      if (body.kind === 'files' && !(error instanceof WriteError)) await this.#settled(body.pieces, false);
      throw error;
    }
    if (body.kind === 'files') await this.#settled(body.pieces, version !== undefined);
    return version;
  }

  async remove(removal: Removal): Promise<Removed> {
    const { bucket, key } = removal;
    return this.#parts.locks.run(lockOf(bucket, key), () => this.#remove(removal));
  }

  /** Changes what travels with a version. False when it is gone. */
  async describe(
    version: ObjectVersion,
    change: (details: ObjectDetails) => ObjectDetails,
    also?: (sequence: number) => Joined,
  ): Promise<boolean> {
    return this.#parts.locks.run(`${version.bucket}/${version.key}`, async () => {
      const row = this.#byVersion.get(version.bucket, version.key, version.version);
      if (row === undefined) return false;
      const details = JSON.stringify(change(versionOf(row).details));
      const sql = 'UPDATE object SET details = ? WHERE sequence = ?';
      const statement = { sql, params: [details, Number(row.sequence)], mustChangeOne: true };
      const caused = also?.(this.#parts.sequences.next().sequence);
      const done = await this.#parts.writer.write([statement, ...(caused?.statements ?? [])]);
      if (done) caused?.committed();
      return done;
    });
  }

  async #put({ bucket, key, etag, body, details, check, also }: NewObject): Promise<ObjectVersion | undefined> {
    const { writer, sequences, orphans } = this.#parts;
    const current = this.find(bucket, key);
    check?.(current);
    const { sequence, modified } = sequences.next();
    const version: ObjectVersion = {
      sequence,
      bucket: bucket.id,
      key,
      version: bucket.settings.versioning === 'Enabled' ? sequences.versionId() : 'null',
      latest: true,
      marker: false,
      size: body.size,
      etag,
      modified,
      details,
      pieces: body.kind === 'inline' ? [] : body.pieces,
    };
    const caused = also?.(version);
    const replaced = this.#replaced(bucket, key, current);
    const done = await writer.write([
      ...makeRoom(replaced, current),
      insertVersion(version),
      ...keepBody(sequence, body),
      ...(caused?.statements ?? []),
    ]);
    if (!done) return undefined;
    caused?.committed();
    if (leavesFiles(replaced) || body.kind === 'upload') orphans.kick();
    return version;
  }

  async #remove(removal: Removal): Promise<Removed> {
    const { bucket, key, version, check, also } = removal;
    const current = this.find(bucket, key);
    check?.(current);
    const { sequence, modified } = this.#parts.sequences.next();
    if (version !== undefined) return this.#removeOne(this.find(bucket, key, version), sequence, removal);
    if (bucket.settings.versioning === undefined) return this.#removeOne(current, sequence, removal);
    const marker: ObjectVersion = {
      ...{ sequence, bucket: bucket.id, key, latest: true, marker: true, size: 0, etag: '', modified, pieces: [] },
      version: bucket.settings.versioning === 'Enabled' ? this.#parts.sequences.versionId() : 'null',
      details: noDetails,
    };
    const removed: Removed = { kind: 'marked', version: marker, sequence };
    const caused = also?.(removed);
    const replaced = this.#replaced(bucket, key, current);
    const unit = [...makeRoom(replaced, current), insertVersion(marker), ...(caused?.statements ?? [])];
    if (!(await this.#parts.writer.write(unit))) return { kind: 'absent', version: undefined, sequence };
    caused?.committed();
    if (leavesFiles(replaced)) this.#parts.orphans.kick();
    return removed;
  }

  async #removeOne(found: ObjectVersion | undefined, sequence: number, { bucket, also }: Removal): Promise<Removed> {
    if (found === undefined) return { kind: 'absent', version: undefined, sequence };
    const removed: Removed = { kind: 'removed', version: found, sequence };
    const caused = also?.(removed);
    // Without versions there is nothing older.
    const promotion = found.latest && bucket.settings.versioning !== undefined ? [promote(found)] : [];
    await this.#parts.writer.write([...removeVersion(found), ...promotion, ...(caused?.statements ?? [])]);
    caused?.committed();
    if (leavesFiles(found)) this.#parts.orphans.kick();
    return removed;
  }

  /** The version `null`, where the next one is to be it. */
  #replaced(bucket: Bucket, key: string, current: ObjectVersion | undefined): ObjectVersion | undefined {
    if (current === undefined || bucket.settings.versioning === 'Enabled') return undefined;
    return current.version === 'null' ? current : this.find(bucket, key, 'null');
  }

  /** Files of a new object move home; those of one that did not come about go. */
  async #settled(pieces: readonly Piece[], kept: boolean): Promise<void> {
    const { files } = this.#parts;
    for (const { file } of pieces) await (kept ? files.settle(file) : files.discard(file));
  }
}

/** Of an object and its uploads alike. */
export function lockOf(bucket: Bucket, key: string): string {
  return `${bucket.id}/${key}`;
}

/** A new latest takes the place of what it replaces, and of the old latest's rank. */
function makeRoom(replaced: ObjectVersion | undefined, current: ObjectVersion | undefined): Statement[] {
  const unit = replaced === undefined ? [] : removeVersion(replaced);
  if (current === undefined || replaced?.sequence === current.sequence) return unit;
  return [...unit, { sql: 'UPDATE object SET latest = 0 WHERE sequence = ?', params: [current.sequence] }];
}

function leavesFiles(gone: ObjectVersion | undefined): boolean {
  return gone !== undefined && gone.pieces.length > 0;
}

/** Refused when the bucket is gone. */
function insertVersion(version: ObjectVersion): Statement {
  const { sequence, bucket, key, latest, marker, size, etag, modified, details, pieces } = version;
  const sql = `
    INSERT INTO object (${versionColumns})
    SELECT ?, id, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM bucket WHERE id = ?`;
  const text = pieces.length === 0 ? null : JSON.stringify(pieces);
  const flags = [Number(latest), Number(marker)];
  const params = [
    sequence,
    key,
    version.version,
    ...flags,
    size,
    etag,
    modified,
    JSON.stringify(details),
    text,
    bucket,
  ];
  return { sql, params, mustChangeOne: true };
}

function keepBody(sequence: number, body: NewObject['body']): Statement[] {
  if (body.kind === 'inline') {
    if (body.size === 0) return [];
    return [{ sql: 'INSERT INTO object_body (sequence, bytes) VALUES (?, ?)', params: [sequence, body.bytes] }];
  }
  if (body.kind === 'files') return body.pieces.map(({ file }) => ownFile(file, sequence));
  const upload = body.upload.sequence;
  const unowned = 'UPDATE object_file SET owner = NULL WHERE id = ?';
  return [
    { sql: 'DELETE FROM upload WHERE sequence = ?', params: [upload], mustChangeOne: true },
    { sql: 'DELETE FROM upload_part WHERE upload = ?', params: [upload] },
    { sql: 'UPDATE object_file SET owner = ? WHERE owner = ?', params: [sequence, upload] },
    ...body.unused.map((file) => ({ sql: unowned, params: [file] })),
  ];
}

export function ownFile(file: string, owner: number): Statement {
  return { sql: 'INSERT INTO object_file (id, owner) VALUES (?, ?)', params: [file, owner] };
}

function removeVersion({ sequence, size, pieces }: ObjectVersion): Statement[] {
  const unit: Statement[] = [{ sql: 'DELETE FROM object WHERE sequence = ?', params: [sequence] }];
  if (pieces.length > 0) unit.push(disown(sequence));
  else if (size > 0) unit.push({ sql: 'DELETE FROM object_body WHERE sequence = ?', params: [sequence] });
  return unit;
}

export function disown(owner: number): Statement {
  return { sql: 'UPDATE object_file SET owner = NULL WHERE owner = ?', params: [owner] };
}

/** The next older version is the latest then. */
function promote({ bucket, key }: ObjectVersion): Statement {
  const sql = `
    UPDATE object SET latest = 1
    WHERE sequence = (SELECT max(sequence) FROM object WHERE bucket = ? AND key = ?)`;
  return { sql, params: [bucket, key] };
}
