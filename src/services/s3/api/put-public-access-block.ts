import { bucketFor, type S3Parts } from '../parts.ts';
import { configure } from '../settings.ts';
import type { S3Operation } from './types.ts';

/** Of its four, those on policies count (rules.ts, put-bucket-policy.ts); there are no public ACLs to block. */
export function putPublicAccessBlock(parts: S3Parts): S3Operation<'PutPublicAccessBlock'> {
  return {
    async handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const { BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets } =
        input.PublicAccessBlockConfiguration ?? {};
      const publicAccessBlock = {
        BlockPublicAcls: BlockPublicAcls === true,
        IgnorePublicAcls: IgnorePublicAcls === true,
        BlockPublicPolicy: BlockPublicPolicy === true,
        RestrictPublicBuckets: RestrictPublicBuckets === true,
      };
      await configure(parts, bucket, { publicAccessBlock });
      return {};
    },
  };
}
