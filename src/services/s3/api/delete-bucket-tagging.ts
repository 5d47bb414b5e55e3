import { bucketFor, type S3Parts } from '../parts.ts';
import { configure } from '../settings.ts';
import type { S3Operation } from './types.ts';

export function deleteBucketTagging(parts: S3Parts): S3Operation<'DeleteBucketTagging'> {
  return {
    async handle(input, context) {
      await configure(parts, bucketFor(parts, input, context), { tags: undefined });
      return {};
    },
  };
}
