import { tagged } from '../notifications/notify.ts';
import { bucketFor, type S3Parts, shownVersion, versionFor } from '../parts.ts';
import type { S3Operation } from './types.ts';

export function deleteObjectTagging(parts: S3Parts): S3Operation<'DeleteObjectTagging'> {
  return {
    async handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const version = versionFor(parts, bucket, input);
      const also = tagged(parts, { bucket, context }, version, 'Delete');
      await parts.objects.versions.describe(version, (details) => ({ ...details, tags: [] }), also);
      return { VersionId: shownVersion(bucket, version) };
    },
  };
}
