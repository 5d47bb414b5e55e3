import { shownClass } from '../details.ts';
import { encoder, itemsOf, lastOf, limitOf, prefixesOf } from '../listed.ts';
import { algorithmOf } from '../multipart.ts';
import { bucketFor, ownerOf, type S3Parts } from '../parts.ts';
import type { S3Operation } from './types.ts';

export function listMultipartUploads(parts: S3Parts): S3Operation<'ListMultipartUploads'> {
  return {
    handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const { Prefix: prefix = '', Delimiter: delimiter = '', KeyMarker, UploadIdMarker, EncodingType } = input;
      const encode = encoder(EncodingType);
      const limit = limitOf(input.MaxUploads, 'max-uploads');
      const marked =
        KeyMarker && UploadIdMarker ? parts.objects.uploads.find(bucket, KeyMarker, UploadIdMarker) : undefined;
      const after = KeyMarker ? { key: KeyMarker, sequence: marked?.sequence } : undefined;
      const { entries, truncated } = parts.objects.listings.uploads({ bucket, prefix, delimiter, limit, after });
      const uploads = itemsOf(entries);
      return {
        Bucket: bucket.name,
        KeyMarker: encode(KeyMarker ?? ''),
        UploadIdMarker: UploadIdMarker ?? '',
        NextKeyMarker: truncated ? encode(lastOf(entries)) : undefined,
        NextUploadIdMarker: truncated ? uploads.at(-1)?.id : undefined,
        Prefix: encode(prefix),
        Delimiter: encode(input.Delimiter),
        EncodingType,
        MaxUploads: limit,
        IsTruncated: truncated,
        Uploads: uploads.map((upload) => ({
          UploadId: upload.id,
          Key: encode(upload.key),
          Initiated: new Date(upload.initiated),
          StorageClass: shownClass(upload.details.storageClass),
          Owner: ownerOf(bucket),
          Initiator: { ID: upload.details.initiator, DisplayName: bucket.accountId },
          ChecksumAlgorithm: algorithmOf(upload),
          ChecksumType: upload.details.checksum?.type,
        })),
        CommonPrefixes: prefixesOf(entries, encode),
      };
    },
  };
}
