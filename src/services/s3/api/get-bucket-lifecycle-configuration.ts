import { s3Error } from '../errors.ts';
import { bucketFor, type S3Parts } from '../parts.ts';
import { settingsOf } from '../settings.ts';
import type { S3Operation } from './types.ts';

export function getBucketLifecycleConfiguration(parts: S3Parts): S3Operation<'GetBucketLifecycleConfiguration'> {
  return {
    handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const { lifecycle } = settingsOf(bucket);
      if (lifecycle !== undefined) return { Rules: [...lifecycle] };
      const message = 'The lifecycle configuration does not exist';
      throw s3Error('NoSuchLifecycleConfiguration', message, 404, { BucketName: bucket.name });
    },
  };
}
