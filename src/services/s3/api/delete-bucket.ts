import { bucketNotEmpty, noSuchBucket } from '../errors.ts';
import { bucketFor, type S3Parts } from '../parts.ts';
import type { S3Operation } from './types.ts';

export function deleteBucket(parts: S3Parts): S3Operation<'DeleteBucket'> {
  return {
    async handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      if (await parts.objects.deleteBucket(bucket)) return {};
      if (parts.objects.buckets.get(bucket.name) === undefined) throw noSuchBucket(bucket.name);
      throw bucketNotEmpty(bucket.name, bucket.settings.versioning !== undefined);
    },
  };
}
