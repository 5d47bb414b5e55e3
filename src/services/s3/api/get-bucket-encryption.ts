import { bucketFor, type S3Parts } from '../parts.ts';
import { settingsOf } from '../settings.ts';
import type { S3Operation } from './types.ts';

/** AWS says AES256 of buckets that were told nothing. */
export function getBucketEncryption(parts: S3Parts): S3Operation<'GetBucketEncryption'> {
  return {
    handle(input, context) {
      const { encryption = usual } = settingsOf(bucketFor(parts, input, context));
      return { ServerSideEncryptionConfiguration: { Rules: [...encryption] } };
    },
  };
}

const usual = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const }, BucketKeyEnabled: false }];
