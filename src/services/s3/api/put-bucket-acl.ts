import { refuseAcl, refuseGrants } from '../details.ts';
import { bucketFor, type S3Parts } from '../parts.ts';
import type { S3Operation } from './types.ts';

/** What is so already may be said. */
export function putBucketAcl(parts: S3Parts): S3Operation<'PutBucketAcl'> {
  return {
    handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      refuseAcl(input.ACL);
      refuseGrants(bucket, input.AccessControlPolicy);
      return {};
    },
  };
}
