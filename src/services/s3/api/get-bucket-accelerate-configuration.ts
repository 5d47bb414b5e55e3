import { bucketFor, type S3Parts } from '../parts.ts';
import type { S3Operation } from './types.ts';

/** No bucket was ever accelerated here: an empty answer says so. */
export function getBucketAccelerateConfiguration(parts: S3Parts): S3Operation<'GetBucketAccelerateConfiguration'> {
  return {
    handle(input, context) {
      bucketFor(parts, input, context);
      return {};
    },
  };
}
