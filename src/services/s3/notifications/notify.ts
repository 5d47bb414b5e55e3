/** What an object's change causes: an event for each configuration that fits, in the very commit of the change. */
import type { Bucket, ObjectVersion } from '../../../store/objects/records.ts';
import type { Removed } from '../../../store/objects/versions.ts';
import type { Joined } from '../../../store/sqlite/unit.ts';
import { type S3Parts, shownVersion } from '../parts.ts';
import { settingsOf } from '../settings.ts';
import { covers, rulesIn } from './configuration.ts';
import { type EventContext, eventRecord, type ObjectEvent } from './record.ts';
import { type EventSource, targetOf } from './targets.ts';

export type Creation = 'Put' | 'Post' | 'Copy' | 'CompleteMultipartUpload';

type NotifyingParts = Pick<S3Parts, 'clock' | 'targets'>;

interface Where {
  readonly bucket: Bucket;
  readonly context: EventContext;
}

export function created(
  parts: NotifyingParts,
  { bucket, context }: Where,
  by: Creation,
): (version: ObjectVersion) => Joined {
  return (version) => {
    const { key, sequence, size, etag } = version;
    const at = parts.clock.now();
    const versionId = shownVersion(bucket, version);
    return caused(
      parts,
      { bucket, context },
      { name: `ObjectCreated:${by}`, at, key, sequence, size, etag, versionId },
    );
  };
}

export function removed(parts: NotifyingParts, where: Where): (outcome: Removed) => Joined {
  return (outcome) => gone(parts, where, outcome, 'ObjectRemoved');
}

/** By a lifecycle rule. */
export function expired(parts: NotifyingParts, where: Where): (outcome: Removed) => Joined {
  return (outcome) => gone(parts, where, outcome, 'LifecycleExpiration');
}

function gone(parts: NotifyingParts, where: Where, { kind, version, sequence }: Removed, how: string): Joined {
  if (version === undefined) return nothing;
  const name = `${how}:${kind === 'marked' ? 'DeleteMarkerCreated' : 'Delete'}`;
  const versionId = shownVersion(where.bucket, version);
  return caused(parts, where, { name, at: parts.clock.now(), key: version.key, sequence, versionId });
}

export function tagged(
  parts: NotifyingParts,
  { bucket, context }: Where,
  version: ObjectVersion,
  by: 'Put' | 'Delete',
) {
  return (sequence: number): Joined => {
    const { key, size, etag } = version;
    const versionId = shownVersion(bucket, version);
    const event = { name: `ObjectTagging:${by}`, at: parts.clock.now(), key, sequence, size, etag, versionId };
    return caused(parts, { bucket, context }, event);
  };
}

const nothing: Joined = { statements: [], committed() {} };

function caused({ targets }: NotifyingParts, { bucket, context }: Where, event: ObjectEvent): Joined {
  const rules = rulesIn(settingsOf(bucket).notification).filter(
    ({ events, prefix, suffix }) =>
      event.key.startsWith(prefix) &&
      event.key.endsWith(suffix) &&
      events.some((pattern) => covers(pattern, `s3:${event.name}`)),
  );
  if (rules.length === 0) return nothing;
  const traceHeader = context.headers['x-amzn-trace-id'];
  return together(
    rules.map(({ arn, id }) => {
      const payload = Buffer.from(JSON.stringify({ Records: [eventRecord(bucket, event, id, context)] }));
      return targetOf(targets, arn)?.joined(arn, { source: sourceOf(bucket), payload, traceHeader }) ?? nothing;
    }),
  );
}

export function together(all: readonly Joined[]): Joined {
  return {
    statements: all.flatMap(({ statements }) => statements),
    committed() {
      for (const one of all) one.committed();
    },
  };
}

export function sourceOf({ name, accountId }: Bucket): EventSource {
  return { bucketArn: `arn:aws:s3:::${name}`, accountId };
}
