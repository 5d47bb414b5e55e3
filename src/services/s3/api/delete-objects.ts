import type { DeletedObject, _Error as KeyError } from '@aws-sdk/client-s3';
import { AwsError } from '../../../aws/errors.ts';
import type { RequestContext } from '../../../aws/operation.ts';
import type { Bucket } from '../../../store/objects/records.ts';
import { malformedXml } from '../errors.ts';
import { listedMax } from '../limits.ts';
import { bucketFor, type S3Parts } from '../parts.ts';
import { removeObject } from '../remove.ts';
import type { S3Operation } from './types.ts';

interface Wanted {
  readonly Key: string | undefined;
  readonly VersionId?: string | undefined;
  readonly ETag?: string | undefined;
}

/** Each key has an outcome of its own. All are deleted at once, which the disk sees as one commit. */
export function deleteObjects(parts: S3Parts): S3Operation<'DeleteObjects'> {
  return {
    async handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const { Objects: wanted = [], Quiet = false } = input.Delete ?? {};
      if (wanted.length === 0 || wanted.length > listedMax) throw malformedXml();
      const outcomes = await Promise.all(wanted.map((one) => outcome(parts, bucket, one, context)));
      const deleted = outcomes.flatMap((one) => ('deleted' in one ? [one.deleted] : []));
      const errors = outcomes.flatMap((one) => ('error' in one ? [one.error] : []));
      return { Deleted: Quiet ? undefined : deleted, Errors: errors.length > 0 ? errors : undefined };
    },
  };
}

type Outcome = { readonly deleted: DeletedObject } | { readonly error: KeyError };

async function outcome(parts: S3Parts, bucket: Bucket, wanted: Wanted, context: RequestContext): Promise<Outcome> {
  const { Key, VersionId, ETag } = wanted;
  try {
    const { marker, version, made } = await removeObject(parts, bucket, { Key, VersionId, IfMatch: ETag }, context);
    const DeleteMarkerVersionId = marker ? version : undefined;
    const deleted = { Key, VersionId, DeleteMarker: marker || undefined, DeleteMarkerVersionId };
    return { deleted: made ? { ...deleted, VersionId: undefined } : deleted };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { error: { Key, VersionId, Code: error.code, Message: error.message } };
  }
}
