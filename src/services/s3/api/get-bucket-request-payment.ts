import { bucketFor, type S3Parts } from '../parts.ts';
import type { S3Operation } from './types.ts';

/** Nobody else ever pays. */
export function getBucketRequestPayment(parts: S3Parts): S3Operation<'GetBucketRequestPayment'> {
  return {
    handle(input, context) {
      bucketFor(parts, input, context);
      return { Payer: 'BucketOwner' };
    },
  };
}
