import { bucketFor, type S3Parts, versionFor } from '../parts.ts';
import { served } from '../serve.ts';
import type { S3Operation } from './types.ts';

export function headObject(parts: S3Parts): S3Operation<'HeadObject'> {
  return {
    streaming: true,
    handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      return served(bucket, versionFor(parts, bucket, input), input, context).head;
    },
  };
}
