import { checkCors } from '../cors.ts';
import { bucketFor, type S3Parts } from '../parts.ts';
import { configure } from '../settings.ts';
import type { S3Operation } from './types.ts';

export function putBucketCors(parts: S3Parts): S3Operation<'PutBucketCors'> {
  return {
    async handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const { CORSRules: cors = [] } = input.CORSConfiguration ?? {};
      checkCors(cors);
      await configure(parts, bucket, { cors });
      return {};
    },
  };
}
