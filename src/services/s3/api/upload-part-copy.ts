import { checksumMember } from '../checksums/algorithms.ts';
import { sourceBytes, sourceOf } from '../copy-source.ts';
import { invalidArgument, noSuchUpload } from '../errors.ts';
import { algorithmOf, checkPartNumber, uploadFor } from '../multipart.ts';
import { quoted, type S3Parts, shownVersion } from '../parts.ts';
import { type ByteRange, byteRange } from '../range.ts';
import { received } from '../receive.ts';
import type { S3Operation } from './types.ts';

export function uploadPartCopy(parts: S3Parts): S3Operation<'UploadPartCopy'> {
  return {
    async handle(input, context) {
      const { bucket, upload } = uploadFor(parts, input, context);
      const number = checkPartNumber(input.PartNumber);
      const { source, bytes } = parts.objects.snapshot(() => {
        const source = sourceOf(parts, input, context);
        const { start, end } = rangeOf(input.CopySourceRange, source.version.size);
        return { source, bytes: sourceBytes(parts, source.version, start, end) };
      });
      const algorithm = algorithmOf(upload);
      const { body, etag, checksum } = await received(parts.objects, bytes, {
        checksum: algorithm === undefined ? undefined : { algorithm, value: undefined },
        inline: false,
      });
      if (body.kind !== 'files') throw noSuchUpload(upload.id);
      const part = await parts.objects.uploads.putPart(bucket, {
        upload,
        number,
        etag,
        checksum: checksum?.value,
        body,
      });
      if (part === undefined) throw noSuchUpload(upload.id);
      return {
        CopySourceVersionId: shownVersion(source.bucket, source.version),
        CopyPartResult: { ETag: quoted(etag), LastModified: new Date(part.modified), ...checksumMember(checksum) },
      };
    },
  };
}

/** Stricter than the range of a read: both ends, within the source. */
function rangeOf(text: string | undefined, size: number): ByteRange {
  if (text === undefined) return { start: 0, end: size };
  if (!/^bytes=\d+-\d+$/.test(text)) {
    const message =
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based ' +
      'offsets of the first and last bytes to copy';
    throw invalidArgument(message, 'x-amz-copy-source-range', text);
  }
  const range = Number(text.split('-')[1]) < size ? byteRange(text, size) : undefined;
  if (range !== undefined) return range;
  const message = `Range specified is not valid for source object of size: ${size}`;
  throw invalidArgument(message, 'x-amz-copy-source-range', text);
}
