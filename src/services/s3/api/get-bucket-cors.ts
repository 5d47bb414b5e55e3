import { s3Error } from '../errors.ts';
import { bucketFor, type S3Parts } from '../parts.ts';
import { settingsOf } from '../settings.ts';
import type { S3Operation } from './types.ts';

export function getBucketCors(parts: S3Parts): S3Operation<'GetBucketCors'> {
  return {
    handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const { cors } = settingsOf(bucket);
      if (cors !== undefined) return { CORSRules: [...cors] };
      const message = 'The CORS configuration does not exist';
      throw s3Error('NoSuchCORSConfiguration', message, 404, { BucketName: bucket.name });
    },
  };
}
