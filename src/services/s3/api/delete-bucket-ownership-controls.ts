import { bucketFor, type S3Parts } from '../parts.ts';
import { configure } from '../settings.ts';
import type { S3Operation } from './types.ts';

export function deleteBucketOwnershipControls(parts: S3Parts): S3Operation<'DeleteBucketOwnershipControls'> {
  return {
    async handle(input, context) {
      await configure(parts, bucketFor(parts, input, context), { ownership: undefined });
      return {};
    },
  };
}
