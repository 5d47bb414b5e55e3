import { bucketFor, onlyOwner, type S3Parts } from '../parts.ts';
import type { S3Operation } from './types.ts';

/** The owner has all of it, and nobody else has any: what policies say is not in here. */
export function getBucketAcl(parts: S3Parts): S3Operation<'GetBucketAcl'> {
  return { handle: (input, context) => onlyOwner(bucketFor(parts, input, context)) };
}
