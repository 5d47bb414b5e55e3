import { s3Error } from '../errors.ts';
import { bucketFor, type S3Parts } from '../parts.ts';
import { settingsOf } from '../settings.ts';
import type { S3Operation } from './types.ts';

export function getPublicAccessBlock(parts: S3Parts): S3Operation<'GetPublicAccessBlock'> {
  return {
    handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const { publicAccessBlock } = settingsOf(bucket);
      if (publicAccessBlock !== undefined) return { PublicAccessBlockConfiguration: publicAccessBlock };
      const message = 'The public access block configuration was not found';
      throw s3Error('NoSuchPublicAccessBlockConfiguration', message, 404, { BucketName: bucket.name });
    },
  };
}
