import { bucketFor, type S3Parts } from '../parts.ts';
import type { S3Operation } from './types.ts';

/** Empty until versioning was configured for the first time. */
export function getBucketVersioning(parts: S3Parts): S3Operation<'GetBucketVersioning'> {
  return { handle: (input, context) => ({ Status: bucketFor(parts, input, context).settings.versioning }) };
}
