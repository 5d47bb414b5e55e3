import { invalidArgument } from '../errors.ts';
import { encoder, itemsOf, lastOf, limitOf, prefixesOf, shownObject } from '../listed.ts';
import { bucketFor, ownerOf, type S3Parts } from '../parts.ts';
import type { S3Operation } from './types.ts';

/** Newest first within a key; delete markers stand in a list of their own. */
export function listObjectVersions(parts: S3Parts): S3Operation<'ListObjectVersions'> {
  return {
    handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const { Prefix: prefix = '', Delimiter: delimiter = '', KeyMarker, VersionIdMarker, EncodingType } = input;
      if (VersionIdMarker && !KeyMarker) {
        throw invalidArgument('A version-id marker cannot be specified without a key marker.', 'version-id-marker');
      }
      const encode = encoder(EncodingType);
      const limit = limitOf(input.MaxKeys);
      const marked = VersionIdMarker
        ? parts.objects.versions.find(bucket, KeyMarker ?? '', VersionIdMarker)
        : undefined;
      const after = KeyMarker ? { key: KeyMarker, sequence: marked?.sequence } : undefined;
      const { entries, truncated } = parts.objects.listings.versions({ bucket, prefix, delimiter, limit, after });
      const items = itemsOf(entries);
      const shown = { Owner: ownerOf(bucket) };
      return {
        Name: bucket.name,
        Prefix: encode(prefix),
        Delimiter: encode(input.Delimiter),
        KeyMarker: encode(KeyMarker ?? ''),
        VersionIdMarker: VersionIdMarker ?? '',
        NextKeyMarker: truncated ? encode(lastOf(entries)) : undefined,
        NextVersionIdMarker: truncated && 'item' in (entries.at(-1) ?? {}) ? items.at(-1)?.version : undefined,
        EncodingType,
        MaxKeys: input.MaxKeys ?? limit,
        IsTruncated: truncated,
        Versions: items
          .filter(({ marker }) => !marker)
          .map((item) => ({ ...shownObject(item, encode), ...shown, VersionId: item.version, IsLatest: item.latest })),
        DeleteMarkers: items
          .filter(({ marker }) => marker)
          .map((item) => ({
            Key: encode(item.key),
            VersionId: item.version,
            IsLatest: item.latest,
            LastModified: new Date(item.modified),
            ...shown,
          })),
        CommonPrefixes: prefixesOf(entries, encode),
      };
    },
  };
}
