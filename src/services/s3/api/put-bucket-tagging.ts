import { bucketTagsMax } from '../limits.ts';
import { bucketFor, type S3Parts } from '../parts.ts';
import { configure } from '../settings.ts';
import { checkedTags } from '../tags.ts';
import type { S3Operation } from './types.ts';

export function putBucketTagging(parts: S3Parts): S3Operation<'PutBucketTagging'> {
  return {
    async handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      await configure(parts, bucket, { tags: checkedTags(input.Tagging?.TagSet ?? [], bucketTagsMax) });
      context.responseStatus = 204;
      return {};
    },
  };
}
