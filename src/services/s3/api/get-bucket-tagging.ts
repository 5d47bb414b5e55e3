import { s3Error } from '../errors.ts';
import { bucketFor, type S3Parts } from '../parts.ts';
import { settingsOf } from '../settings.ts';
import type { S3Operation } from './types.ts';

export function getBucketTagging(parts: S3Parts): S3Operation<'GetBucketTagging'> {
  return {
    handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const { tags = [] } = settingsOf(bucket);
      if (tags.length > 0) return { TagSet: [...tags] };
      throw s3Error('NoSuchTagSet', 'The TagSet does not exist', 404, { BucketName: bucket.name });
    },
  };
}
