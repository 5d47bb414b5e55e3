import { bucketFor, type S3Parts, shownVersion, versionFor } from '../parts.ts';
import type { S3Operation } from './types.ts';

export function getObjectTagging(parts: S3Parts): S3Operation<'GetObjectTagging'> {
  return {
    handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const version = versionFor(parts, bucket, input);
      return { VersionId: shownVersion(bucket, version), TagSet: [...version.details.tags] };
    },
  };
}
