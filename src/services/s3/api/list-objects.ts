import { encoder, itemsOf, lastOf, limitOf, prefixesOf, shownObject } from '../listed.ts';
import { bucketFor, ownerOf, type S3Parts } from '../parts.ts';
import type { S3Operation } from './types.ts';

/** The first version of the list. NextMarker is told with a delimiter only: else the last key is it. */
export function listObjects(parts: S3Parts): S3Operation<'ListObjects'> {
  return {
    streaming: true,
    handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const { Prefix: prefix = '', Delimiter: delimiter = '', Marker: marker, EncodingType } = input;
      const encode = encoder(EncodingType);
      const limit = limitOf(input.MaxKeys);
      const after = marker === undefined || marker === '' ? undefined : { key: marker };
      const { entries, truncated } = parts.objects.listings.objects({ bucket, prefix, delimiter, limit, after });
      return {
        Name: bucket.name,
        Prefix: encode(prefix),
        Delimiter: encode(input.Delimiter),
        Marker: encode(marker ?? ''),
        NextMarker: truncated && delimiter !== '' ? encode(lastOf(entries)) : undefined,
        EncodingType,
        MaxKeys: input.MaxKeys ?? limit,
        IsTruncated: truncated,
        Contents: itemsOf(entries).map((version) => ({ ...shownObject(version, encode), Owner: ownerOf(bucket) })),
        CommonPrefixes: prefixesOf(entries, encode),
      };
    },
  };
}
