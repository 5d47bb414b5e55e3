import { s3Error } from '../errors.ts';
import { bucketFor, type S3Parts } from '../parts.ts';
import { isPublic } from '../public-policy.ts';
import { settingsOf } from '../settings.ts';
import type { S3Operation } from './types.ts';

export function getBucketPolicyStatus(parts: S3Parts): S3Operation<'GetBucketPolicyStatus'> {
  return {
    handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const { policy } = settingsOf(bucket);
      if (policy !== undefined) return { PolicyStatus: { IsPublic: isPublic(policy) } };
      throw s3Error('NoSuchBucketPolicy', 'The bucket policy does not exist', 404, { BucketName: bucket.name });
    },
  };
}
