import { objectTagsMax } from '../limits.ts';
import { tagged } from '../notifications/notify.ts';
import { bucketFor, type S3Parts, shownVersion, versionFor } from '../parts.ts';
import { checkedTags } from '../tags.ts';
import type { S3Operation } from './types.ts';

export function putObjectTagging(parts: S3Parts): S3Operation<'PutObjectTagging'> {
  return {
    async handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const version = versionFor(parts, bucket, input);
      const tags = checkedTags(input.Tagging?.TagSet ?? [], objectTagsMax);
      const also = tagged(parts, { bucket, context }, version, 'Put');
      await parts.objects.versions.describe(version, (details) => ({ ...details, tags }), also);
      return { VersionId: shownVersion(bucket, version) };
    },
  };
}
