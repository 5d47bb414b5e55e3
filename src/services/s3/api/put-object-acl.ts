import { refuseAcl, refuseGrants } from '../details.ts';
import { bucketFor, type S3Parts, versionFor } from '../parts.ts';
import type { S3Operation } from './types.ts';

/** What is so already may be said. */
export function putObjectAcl(parts: S3Parts): S3Operation<'PutObjectAcl'> {
  return {
    handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      versionFor(parts, bucket, input);
      refuseAcl(input.ACL);
      refuseGrants(bucket, input.AccessControlPolicy);
      return {};
    },
  };
}
