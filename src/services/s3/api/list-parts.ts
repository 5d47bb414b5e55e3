import { checksumMember } from '../checksums/algorithms.ts';
import { shownClass } from '../details.ts';
import { limitOf } from '../listed.ts';
import { algorithmOf, uploadFor } from '../multipart.ts';
import { ownerOf, quoted, type S3Parts } from '../parts.ts';
import type { S3Operation } from './types.ts';

export function listParts(parts: S3Parts): S3Operation<'ListParts'> {
  return {
    handle(input, context) {
      const { bucket, upload } = uploadFor(parts, input, context);
      const limit = limitOf(input.MaxParts, 'max-parts');
      const marker = Number(input.PartNumberMarker ?? 0) || 0;
      const found = parts.objects.uploads.parts(upload, marker, limit + 1);
      const page = found.slice(0, limit);
      const algorithm = algorithmOf(upload);
      const { storageClass, checksum, initiator } = upload.details;
      return {
        Bucket: bucket.name,
        Key: upload.key,
        UploadId: upload.id,
        PartNumberMarker: String(marker),
        NextPartNumberMarker: String(page.at(-1)?.number ?? marker),
        MaxParts: limit,
        IsTruncated: found.length > limit && limit > 0,
        Parts: page.map(({ number, size, etag, modified, checksum: value }) => ({
          PartNumber: number,
          LastModified: new Date(modified),
          ETag: quoted(etag),
          Size: size,
          ...checksumMember(algorithm === undefined || value === undefined ? undefined : { algorithm, value }),
        })),
        Initiator: { ID: initiator, DisplayName: bucket.accountId },
        Owner: ownerOf(bucket),
        StorageClass: shownClass(storageClass),
        ChecksumAlgorithm: algorithm,
        ChecksumType: checksum?.type,
      };
    },
  };
}
