import { bucketFor, type S3Parts } from '../parts.ts';
import { configure } from '../settings.ts';
import type { S3Operation } from './types.ts';

export function deleteBucketLifecycle(parts: S3Parts): S3Operation<'DeleteBucketLifecycle'> {
  return {
    async handle(input, context) {
      await configure(parts, bucketFor(parts, input, context), { lifecycle: undefined });
      return {};
    },
  };
}
