import type { GetObjectAttributesRequest } from '@aws-sdk/client-s3';
import type { ObjectVersion } from '../../../store/objects/records.ts';
import { checksumMember } from '../checksums/algorithms.ts';
import { shownClass } from '../details.ts';
import { limitOf } from '../listed.ts';
import { bucketFor, type S3Parts, shownVersion, versionFor } from '../parts.ts';
import type { S3Operation } from './types.ts';

/** Here, and nowhere else, the ETag stands without its quotes. */
export function getObjectAttributes(parts: S3Parts): S3Operation<'GetObjectAttributes'> {
  return {
    handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const version = versionFor(parts, bucket, input);
      const asked = new Set<string>(input.ObjectAttributes);
      const { checksum, storageClass } = version.details;
      return {
        LastModified: new Date(version.modified),
        VersionId: shownVersion(bucket, version),
        ETag: asked.has('ETag') ? version.etag : undefined,
        Checksum:
          asked.has('Checksum') && checksum !== undefined
            ? {
                ...checksumMember({ ...checksum, value: checksum.value.replace(/-\d+$/, '') }),
                ChecksumType: checksum.type,
              }
            : undefined,
        ObjectParts: asked.has('ObjectParts') ? partsOf(version, input) : undefined,
        StorageClass: asked.has('StorageClass') ? shownClass(storageClass) : undefined,
        ObjectSize: asked.has('ObjectSize') ? version.size : undefined,
      };
    },
  };
}

/** Parts are told one by one when they have checksums. */
function partsOf({ pieces, details }: ObjectVersion, input: GetObjectAttributesRequest) {
  const parts = pieces.filter(({ number }) => number !== undefined);
  if (parts.length === 0) return undefined;
  const limit = limitOf(input.MaxParts, 'max-parts');
  const marker = Number(input.PartNumberMarker ?? 0) || 0;
  const later = parts.filter(({ number = 0 }) => number > marker);
  const page = later.slice(0, limit);
  const algorithm = details.checksum?.algorithm;
  return {
    TotalPartsCount: parts.length,
    PartNumberMarker: String(marker),
    NextPartNumberMarker: String(page.at(-1)?.number ?? marker),
    MaxParts: limit,
    IsTruncated: page.length < later.length,
    Parts:
      algorithm === undefined
        ? undefined
        : page.map(({ number, size, checksum: value }) => ({
            PartNumber: number,
            Size: size,
            ...checksumMember(value === undefined ? undefined : { algorithm, value }),
          })),
  };
}
