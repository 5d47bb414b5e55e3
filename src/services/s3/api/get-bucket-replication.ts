import { s3Error } from '../errors.ts';
import { bucketFor, type S3Parts } from '../parts.ts';
import type { S3Operation } from './types.ts';

/** No bucket has one here; tools that look at all of a bucket ask. */
export function getBucketReplication(parts: S3Parts): S3Operation<'GetBucketReplication'> {
  return {
    handle(input, context) {
      const { name } = bucketFor(parts, input, context);
      const message = 'The replication configuration was not found';
      throw s3Error('ReplicationConfigurationNotFoundError', message, 404, { BucketName: name });
    },
  };
}
