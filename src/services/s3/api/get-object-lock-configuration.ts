import { s3Error } from '../errors.ts';
import { bucketFor, type S3Parts } from '../parts.ts';
import type { S3Operation } from './types.ts';

/** No bucket has one here; tools that look at all of a bucket ask. */
export function getObjectLockConfiguration(parts: S3Parts): S3Operation<'GetObjectLockConfiguration'> {
  return {
    handle(input, context) {
      const { name } = bucketFor(parts, input, context);
      const message = 'Object Lock configuration does not exist for this bucket';
      throw s3Error('ObjectLockConfigurationNotFoundError', message, 404, { BucketName: name });
    },
  };
}
