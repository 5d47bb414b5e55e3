import { bucketFor, type S3Parts } from '../parts.ts';
import { settingsOf } from '../settings.ts';
import type { S3Operation } from './types.ts';

/** New buckets have `BucketOwnerEnforced` without having been told. */
export function getBucketOwnershipControls(parts: S3Parts): S3Operation<'GetBucketOwnershipControls'> {
  return {
    handle(input, context) {
      const { ownership = 'BucketOwnerEnforced' } = settingsOf(bucketFor(parts, input, context));
      return { OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] } };
    },
  };
}
