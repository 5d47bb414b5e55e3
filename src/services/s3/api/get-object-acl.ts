import { bucketFor, onlyOwner, type S3Parts, versionFor } from '../parts.ts';
import type { S3Operation } from './types.ts';

export function getObjectAcl(parts: S3Parts): S3Operation<'GetObjectAcl'> {
  return {
    handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      versionFor(parts, bucket, input);
      return onlyOwner(bucket);
    },
  };
}
