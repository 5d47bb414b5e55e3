import { s3Error } from '../errors.ts';
import { bucketFor, type S3Parts } from '../parts.ts';
import { settingsOf } from '../settings.ts';
import type { S3Operation } from './types.ts';

export function getBucketPolicy(parts: S3Parts): S3Operation<'GetBucketPolicy'> {
  return {
    handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const { policy } = settingsOf(bucket);
      if (policy !== undefined) return { Policy: policy };
      throw s3Error('NoSuchBucketPolicy', 'The bucket policy does not exist', 404, { BucketName: bucket.name });
    },
  };
}
