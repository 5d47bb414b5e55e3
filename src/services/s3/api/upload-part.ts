import { checksumMember } from '../checksums/algorithms.ts';
import { announcedChecksum } from '../checksums/announced.ts';
import { invalidRequest, noSuchUpload } from '../errors.ts';
import { algorithmOf, checkPartNumber, uploadFor } from '../multipart.ts';
import { quoted, type S3Parts } from '../parts.ts';
import { receivedBody } from '../receive.ts';
import type { S3Operation } from './types.ts';

export function uploadPart(parts: S3Parts): S3Operation<'UploadPart'> {
  return {
    streaming: true,
    async handle(input, context) {
      const { bucket, upload } = uploadFor(parts, input, context);
      const number = checkPartNumber(input.PartNumber);
      const wanted = algorithmOf(upload);
      const sent = announcedChecksum(context)?.algorithm;
      if (wanted !== undefined && sent !== undefined && sent !== wanted) {
        throw invalidRequest(
          `Checksum Type mismatch occurred, expected checksum Type: ${wanted.toLowerCase()}, actual checksum Type: ` +
            sent.toLowerCase(),
        );
      }
      const { body, etag, checksum } = await receivedBody(parts.objects, context, { inline: false, otherwise: wanted });
      // Staged as a file, since it was asked to be.
      if (body.kind !== 'files') throw noSuchUpload(upload.id);
      const kept = wanted === undefined ? undefined : checksum?.value;
      const part = await parts.objects.uploads.putPart(bucket, { upload, number, etag, checksum: kept, body });
      if (part === undefined) throw noSuchUpload(upload.id);
      return { ETag: quoted(etag), ...checksumMember(checksum) };
    },
  };
}
