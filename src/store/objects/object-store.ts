/** Buckets, objects and uploads: metadata and small bodies in lambent.db, large bodies as files beside it. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { Log } from '../../observe/log.ts';
import type { Writer } from '../sqlite/writer.ts';
import { BodyFiles } from './body-files.ts';
import { Buckets } from './buckets.ts';
import { KeyLocks } from './key-locks.ts';
import { Listings } from './listing.ts';
import { Orphans } from './orphans.ts';
import type { Bucket, ObjectVersion } from './records.ts';
import { Sequences } from './sequences.ts';
import { type StagedBody, Staging } from './staging.ts';
import { Uploads } from './uploads.ts';
import { Versions } from './versions.ts';

export interface ObjectStoreOptions {
  readonly dataDir: string;
  readonly reader: DatabaseSync;
  readonly writer: Writer;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export class ObjectStore {
  readonly buckets: Buckets;
  readonly versions: Versions;
  readonly uploads: Uploads;
  readonly listings: Listings;
  readonly #files: BodyFiles;
  readonly #orphans: Orphans;
  readonly #begin: StatementSync;
  readonly #end: StatementSync;

  private constructor({ reader, writer, clock, random, log }: ObjectStoreOptions, files: BodyFiles) {
    this.#files = files;
    this.#begin = reader.prepare('BEGIN');
    this.#end = reader.prepare('COMMIT');
    this.#orphans = new Orphans(reader, writer, files, log);
    const sequences = new Sequences(reader, clock, random);
    const parts = { reader, writer, files, locks: new KeyLocks(), orphans: this.#orphans, sequences };
    this.buckets = new Buckets(reader, writer);
    this.versions = new Versions(parts);
    this.uploads = new Uploads(parts);
    this.listings = new Listings(reader);
  }

  /** Puts right what the last process left in the middle. */
  static async open(options: ObjectStoreOptions): Promise<ObjectStore> {
    const files = new BodyFiles(options.dataDir, options.random);
    const owned = options.reader.prepare('SELECT 1 FROM object_file WHERE id = ? AND owner IS NOT NULL');
    await files.recover((id) => owned.get(id) !== undefined);
    const store = new ObjectStore(options, files);
    store.#orphans.kick();
    return store;
  }

  /** For a body that comes in; parts of uploads are always files. */
  stage({ inline }: { readonly inline: boolean } = { inline: true }): Staging {
    return new Staging(this.#files, { inline });
  }

  /** What was staged and is not wanted after all. */
  async discard(body: StagedBody): Promise<void> {
    if (body.kind === 'files') for (const { file } of body.pieces) await this.#files.discard(file);
  }

  /** What `look` reads is of one moment, whatever is written meanwhile. It must not wait. */
  snapshot<T>(look: () => T): T {
    this.#begin.run();
    try {
      return look();
    } finally {
      this.#end.run();
    }
  }

  /** The same body once more, without reading what is in files. Called in the snapshot that found the version. */
  async twin(version: ObjectVersion): Promise<StagedBody> {
    const { size, pieces } = version;
    if (pieces.length > 0) return { kind: 'files', size, pieces: await this.#files.twins(pieces) };
    return { kind: 'inline', size, bytes: this.versions.readInline(version) };
  }

  /** False when it is gone or not empty. */
  async deleteBucket(bucket: Bucket): Promise<boolean> {
    const done = await this.buckets.delete(bucket);
    this.#orphans.kick();
    return done;
  }

  async close(): Promise<void> {
    await this.#orphans.close();
  }
}
