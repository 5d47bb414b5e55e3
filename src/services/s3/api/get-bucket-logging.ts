import { bucketFor, type S3Parts } from '../parts.ts';
import type { S3Operation } from './types.ts';

/** No bucket logs here: an empty answer says so. */
export function getBucketLogging(parts: S3Parts): S3Operation<'GetBucketLogging'> {
  return {
    handle(input, context) {
      bucketFor(parts, input, context);
      return {};
    },
  };
}
