import { createHash } from 'node:crypto';
import type { RequestContext } from '../../aws/operation.ts';
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { Authenticator } from '../../iam/authenticate.ts';
import type { ObjectStore } from '../../store/objects/object-store.ts';
import type { Bucket, ObjectVersion } from '../../store/objects/records.ts';
import { accessDenied, noSuchBucket, noSuchKey, noSuchVersion, s3Error } from './errors.ts';
import type { EventTargets } from './notifications/targets.ts';

/** What the operations of S3 are made of. */
export interface S3Parts {
  readonly objects: ObjectStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly targets: EventTargets;
  /** Tells who signed a form. */
  readonly callers: Pick<Authenticator, 'authenticateForm'>;
}

interface BucketRequest {
  readonly Bucket: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

/** The bucket that a request names, when it may be used by who asks: its own account. */
export function bucketFor({ objects }: S3Parts, input: BucketRequest, context: RequestContext): Bucket {
  const name = input.Bucket ?? '';
  const bucket = objects.buckets.get(name);
  if (bucket === undefined) throw noSuchBucket(name);
  const expected = input.ExpectedBucketOwner ?? bucket.accountId;
  if (bucket.accountId !== context.accountId || bucket.accountId !== expected) throw accessDenied();
  return bucket;
}

/** The object, or one of its versions, that a request is about; a delete marker is answered as S3 does. */
export function versionFor(
  { objects }: S3Parts,
  bucket: Bucket,
  { Key = '', VersionId }: { readonly Key: string | undefined; readonly VersionId?: string | undefined },
): ObjectVersion {
  const version = objects.versions.find(bucket, Key, VersionId);
  if (version === undefined) throw VersionId === undefined ? noSuchKey(Key) : noSuchVersion(Key, VersionId);
  if (version.marker) throw isMarker(version, VersionId !== undefined);
  return version;
}

function isMarker({ key, version }: ObjectVersion, named: boolean): Error {
  const headers = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version };
  const error = named
    ? s3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405, {
        Method: 'GET',
        ResourceType: 'DeleteMarker',
      })
    : noSuchKey(key);
  return Object.assign(error, { headers: named ? { ...headers, allow: 'DELETE' } : headers });
}

/** Only versioned buckets tell versions. */
export function shownVersion({ settings }: Bucket, { version }: ObjectVersion): string | undefined {
  return settings.versioning === undefined ? undefined : version;
}

export function quoted(etag: string): string {
  return `"${etag}"`;
}

/** Of a bucket's or an object's owner: AWS's canonical ids are 64 hexadecimal digits, too. */
export function ownerOf({ accountId }: Pick<Bucket, 'accountId'>): { ID: string; DisplayName: string } {
  return { ID: createHash('sha256').update(`canonical user of ${accountId}`).digest('hex'), DisplayName: accountId };
}

/** An access control list of one grant: there are no others here. */
export function onlyOwner(bucket: Bucket) {
  const Owner = ownerOf(bucket);
  const Grantee = { ...Owner, Type: 'CanonicalUser' as const };
  return { Owner, Grants: [{ Grantee, Permission: 'FULL_CONTROL' as const }] };
}
