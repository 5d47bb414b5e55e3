import { bucketFor, type S3Parts } from '../parts.ts';
import type { S3Operation } from './types.ts';

export function headBucket(parts: S3Parts): S3Operation<'HeadBucket'> {
  return {
    handle(input, context) {
      const { name, region } = bucketFor(parts, input, context);
      return { BucketRegion: region, BucketArn: `arn:aws:s3:::${name}`, AccessPointAlias: false };
    },
  };
}
