import { bucketFor, type S3Parts } from '../parts.ts';
import { configure } from '../settings.ts';
import type { S3Operation } from './types.ts';

export function deleteBucketPolicy(parts: S3Parts): S3Operation<'DeleteBucketPolicy'> {
  return {
    async handle(input, context) {
      await configure(parts, bucketFor(parts, input, context), { policy: undefined });
      return {};
    },
  };
}
