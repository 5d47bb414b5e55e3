import { encoder, itemsOf, lastOf, limitOf, prefixesOf, shownObject } from '../listed.ts';
import { bucketFor, ownerOf, type S3Parts } from '../parts.ts';
import { decodeToken, encodeToken } from '../token.ts';
import type { S3Operation } from './types.ts';

export function listObjectsV2(parts: S3Parts): S3Operation<'ListObjectsV2'> {
  return {
    streaming: true,
    handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const { Prefix: prefix = '', Delimiter: delimiter = '', StartAfter, ContinuationToken, EncodingType } = input;
      const encode = encoder(EncodingType);
      const limit = limitOf(input.MaxKeys);
      const after = decodeToken(ContinuationToken) ?? StartAfter;
      const query = { bucket, prefix, delimiter, limit, after: after === undefined ? undefined : { key: after } };
      const { entries, truncated } = parts.objects.listings.objects(query);
      const owner = input.FetchOwner ? { Owner: ownerOf(bucket) } : {};
      return {
        Name: bucket.name,
        Prefix: encode(prefix),
        Delimiter: encode(input.Delimiter),
        StartAfter: encode(StartAfter),
        EncodingType,
        MaxKeys: input.MaxKeys ?? limit,
        KeyCount: entries.length,
        IsTruncated: truncated,
        ContinuationToken,
        NextContinuationToken: truncated ? encodeToken(lastOf(entries) ?? '') : undefined,
        Contents: itemsOf(entries).map((version) => ({ ...shownObject(version, encode), ...owner })),
        CommonPrefixes: prefixesOf(entries, encode),
      };
    },
  };
}
