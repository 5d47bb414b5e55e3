/** What an owner configures of a bucket, by its name in the store. */
import type {
  CORSRule,
  LifecycleRule,
  NotificationConfiguration,
  ObjectOwnership,
  PublicAccessBlockConfiguration,
  ServerSideEncryptionRule,
} from '@aws-sdk/client-s3';
import type { Bucket, BucketSettings, Tag } from '../../store/objects/records.ts';
import type { Joined } from '../../store/sqlite/unit.ts';
import { noSuchBucket } from './errors.ts';
import type { S3Parts } from './parts.ts';

export interface S3Settings extends BucketSettings {
  readonly tags?: readonly Tag[] | undefined;
  readonly cors?: readonly CORSRule[] | undefined;
  /** JSON, as it was sent. */
  readonly policy?: string | undefined;
  readonly notification?: NotificationConfiguration | undefined;
  /** Dates come back from the disk as dates (`settingsOf`). */
  readonly lifecycle?: readonly LifecycleRule[] | undefined;
  readonly publicAccessBlock?: PublicAccessBlockConfiguration | undefined;
  readonly ownership?: ObjectOwnership | undefined;
  readonly encryption?: readonly ServerSideEncryptionRule[] | undefined;
}

export function settingsOf({ settings }: Bucket): S3Settings {
  const kept = settings as S3Settings; // the operations of this service are all that write them
  return kept.lifecycle === undefined ? kept : { ...kept, lifecycle: kept.lifecycle.map(withDate) };
}

function withDate(rule: LifecycleRule): LifecycleRule {
  const { Expiration } = rule;
  if (Expiration?.Date === undefined) return rule;
  return { ...rule, Expiration: { ...Expiration, Date: new Date(Expiration.Date) } };
}

export async function configure(
  { objects }: S3Parts,
  { name }: Bucket,
  change: S3Settings,
  also?: Joined,
): Promise<void> {
  const done = await objects.buckets.configure(name, (settings) => ({ ...settings, ...change }), also);
  if (!done) throw noSuchBucket(name);
}
