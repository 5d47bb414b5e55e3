/** Makes lifecycle rules true: looks through the buckets that have some, once an hour, as AWS does once a day. */
import type { LifecycleRule } from '@aws-sdk/client-s3';
import type { Principal } from '../../../aws/operation.ts';
import type { Clock } from '../../../base/clock.ts';
import type { Random } from '../../../base/random.ts';
import type { Log } from '../../../observe/log.ts';
import type { Listing, ListQuery } from '../../../store/objects/listing.ts';
import type { ObjectStore } from '../../../store/objects/object-store.ts';
import type { Bucket, ObjectVersion } from '../../../store/objects/records.ts';
import { expired } from '../notifications/notify.ts';
import type { EventTargets } from '../notifications/targets.ts';
import { settingsOf } from '../settings.ts';
import { dueAfter, expiresAt, scopeOf, speaksOf } from './rules.ts';

const everyMs = 3_600_000;
const page = 500;

export interface SweepParts {
  readonly objects: ObjectStore;
  readonly targets: EventTargets;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** It was written anew while the sweep looked at it. */
class Changed extends Error {}

export class LifecycleSweeper {
  readonly #parts: SweepParts;
  #cancel: () => void = () => {};
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(parts: SweepParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#running = this.#round();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#running;
  }

  /** All that is due now. */
  async sweep(): Promise<void> {
    const { objects, log } = this.#parts;
    for (const bucket of objects.buckets.all()) {
      for (const rule of settingsOf(bucket).lifecycle ?? []) {
        if (this.#stopped) return;
        if (rule.Status !== 'Enabled') continue;
        await this.#apply(bucket, rule).catch((error) => {
          log.warn('Cannot apply a lifecycle rule', { bucket: bucket.name, rule: rule.ID, why: String(error) });
        });
      }
    }
  }

  async #round(): Promise<void> {
    await this.sweep();
    if (this.#stopped) return;
    this.#cancel = this.#parts.clock.after(everyMs, () => this.start());
  }

  async #apply(bucket: Bucket, rule: LifecycleRule): Promise<void> {
    const { Expiration, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload } = rule;
    if (Expiration?.Days !== undefined || Expiration?.Date !== undefined) await this.#expire(bucket, rule);
    if (NoncurrentVersionExpiration !== undefined || Expiration?.ExpiredObjectDeleteMarker) {
      await this.#expireVersions(bucket, rule);
    }
    if (AbortIncompleteMultipartUpload !== undefined) await this.#abort(bucket, rule);
  }

  async #expire(bucket: Bucket, rule: LifecycleRule): Promise<void> {
    const { objects, clock } = this.#parts;
    const scope = scopeOf(rule);
    const list = (query: ListQuery) => objects.listings.objects(query);
    for await (const versions of this.#pages(bucket, scope.prefix, list)) {
      const due = versions.filter(
        (version) =>
          speaksOf(scope, version) && (expiresAt(rule, version.modified) ?? Number.POSITIVE_INFINITY) <= clock.now(),
      );
      await Promise.all(due.map((version) => this.#remove(bucket, version, undefined)));
    }
  }

  /** A version is old since the next one came; the newest of them may be kept. */
  async #expireVersions(bucket: Bucket, rule: LifecycleRule): Promise<void> {
    const { objects, clock } = this.#parts;
    const scope = scopeOf(rule);
    const { NoncurrentDays, NewerNoncurrentVersions = 0 } = rule.NoncurrentVersionExpiration ?? {};
    let newer: ObjectVersion | undefined;
    let kept = 0;
    const list = (query: ListQuery) => objects.listings.versions(query);
    for await (const versions of this.#pages(bucket, scope.prefix, list)) {
      const due: ObjectVersion[] = [];
      for (const version of versions) {
        if (newer?.key !== version.key) kept = 0;
        else if (NoncurrentDays !== undefined && speaksOf(scope, version)) {
          kept += 1;
          if (kept > NewerNoncurrentVersions && dueAfter(newer.modified, NoncurrentDays) <= clock.now())
            due.push(version);
        }
        if (rule.Expiration?.ExpiredObjectDeleteMarker && this.#isLastMarker(bucket, version)) due.push(version);
        newer = version;
      }
      await Promise.all(due.map((version) => this.#remove(bucket, version, version.version)));
    }
  }

  /** A marker that hides nothing any more. */
  #isLastMarker(bucket: Bucket, { marker, latest, key }: ObjectVersion): boolean {
    if (!marker || !latest) return false;
    const query = { bucket, prefix: key, delimiter: '', limit: 2 };
    const { entries } = this.#parts.objects.listings.versions(query);
    return entries.filter((entry) => 'item' in entry && entry.item.key === key).length === 1;
  }

  async #remove(bucket: Bucket, { key, sequence }: ObjectVersion, version: string | undefined): Promise<void> {
    const { objects, targets, clock, random } = this.#parts;
    const check = (current: ObjectVersion | undefined) => {
      if (version === undefined && current?.sequence !== sequence) throw new Changed();
    };
    const context = { principal: lifecycle(bucket), requestId: random.uuid(), headers: {} };
    const also = expired({ targets, clock }, { bucket, context });
    await objects.versions.remove({ bucket, key, version, check, also }).catch((error) => {
      if (!(error instanceof Changed)) throw error;
    });
  }

  async #abort(bucket: Bucket, rule: LifecycleRule): Promise<void> {
    const { objects, clock } = this.#parts;
    const days = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation ?? Number.POSITIVE_INFINITY;
    const list = (query: ListQuery) => objects.listings.uploads(query);
    for await (const uploads of this.#pages(bucket, scopeOf(rule).prefix, list)) {
      const due = uploads.filter(({ initiated }) => dueAfter(initiated, days) <= clock.now());
      for (const upload of due) await objects.uploads.abort(bucket, upload);
    }
  }

  /** A bucket may have millions: between two pages others have their turn. */
  async *#pages<T extends { readonly key: string; readonly sequence: number }>(
    bucket: Bucket,
    prefix: string,
    list: (query: ListQuery) => Listing<T>,
  ): AsyncGenerator<T[]> {
    let after: ListQuery['after'];
    while (!this.#stopped) {
      const { entries, truncated } = list({ bucket, prefix, delimiter: '', limit: page, after });
      const items = entries.flatMap((entry) => ('item' in entry ? [entry.item] : []));
      const last = items.at(-1);
      yield items;
      if (!truncated || last === undefined) return;
      after = { key: last.key, sequence: last.sequence };
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

function lifecycle({ accountId }: Bucket): Principal {
  return { kind: 'root', accountId, arn: 's3.amazonaws.com' };
}
