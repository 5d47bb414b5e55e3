import { s3Error } from '../errors.ts';
import { bucketFor, type S3Parts } from '../parts.ts';
import type { S3Operation } from './types.ts';

/** No bucket has one here; tools that look at all of a bucket ask. */
export function getBucketWebsite(parts: S3Parts): S3Operation<'GetBucketWebsite'> {
  return {
    handle(input, context) {
      const { name } = bucketFor(parts, input, context);
      const message = 'The specified bucket does not have a website configuration';
      throw s3Error('NoSuchWebsiteConfiguration', message, 404, { BucketName: name });
    },
  };
}
