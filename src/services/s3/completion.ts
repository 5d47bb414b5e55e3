/** The list of parts that a client ends its upload with, against those that are there. */
import { createHash } from 'node:crypto';
import type { Part, Upload } from '../../store/objects/records.ts';
import { algorithms } from './checksums/algorithms.ts';
import { entityTooLarge, invalidRequest, malformedXml, s3Error } from './errors.ts';
import { multipartBytesMax, partBytesMin, partsMax } from './limits.ts';
import { algorithmOf } from './multipart.ts';

export interface GivenPart {
  readonly PartNumber?: number | undefined;
  readonly ETag?: string | undefined;
  readonly ChecksumCRC32?: string | undefined;
  readonly ChecksumCRC32C?: string | undefined;
  readonly ChecksumCRC64NVME?: string | undefined;
  readonly ChecksumSHA1?: string | undefined;
  readonly ChecksumSHA256?: string | undefined;
}

export interface Chosen {
  readonly parts: readonly Part[];
  readonly size: number;
  /** MD5 of the parts' MD5s, and how many. */
  readonly etag: string;
  /** Files of parts that were uploaded and are not wanted. */
  readonly unused: readonly string[];
}

export function chosenParts(upload: Upload, there: readonly Part[], given: readonly GivenPart[]): Chosen {
  if (given.length === 0 || given.length > partsMax) throw malformedXml();
  const byNumber = new Map(there.map((part) => [part.number, part]));
  const parts = given.map((one, place) => {
    const { PartNumber = 0 } = one;
    if (place > 0 && PartNumber <= (given[place - 1]?.PartNumber ?? 0)) throw invalidPartOrder(upload);
    const part = byNumber.get(PartNumber);
    if (part === undefined || part.etag !== one.ETag?.replaceAll('"', '')) throw invalidPart(upload, one);
    checkChecksum(upload, part, one);
    return part;
  });
  const small = parts.slice(0, -1).find(({ size }) => size < partBytesMin);
  if (small !== undefined) throw partTooSmall(small);
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  if (size > multipartBytesMax) throw entityTooLarge(size, multipartBytesMax);
  const wanted = new Set(parts.map(({ number }) => number));
  const unused = there.filter(({ number }) => !wanted.has(number)).map(({ file }) => file);
  return { parts, size, etag: multipartEtag(parts), unused };
}

function multipartEtag(parts: readonly Part[]): string {
  const hash = createHash('md5');
  for (const { etag } of parts) hash.update(Buffer.from(etag, 'hex'));
  return `${hash.digest('hex')}-${parts.length}`;
}

/** Composite checksums are of the parts, so their sender has to know them; else they are compared where given. */
function checkChecksum(upload: Upload, part: Part, given: GivenPart): void {
  const algorithm = algorithmOf(upload);
  if (algorithm === undefined) return;
  const said = given[algorithms[algorithm].member];
  if (said === undefined && upload.details.checksum?.type === 'COMPOSITE') {
    throw invalidRequest(
      `The upload was created using a ${algorithms[algorithm].header} checksum. The complete request must include the ` +
        `checksum for each part. It was missing for part ${part.number} in the request.`,
    );
  }
  if (said !== undefined && said !== part.checksum) throw invalidPart(upload, given);
}

function invalidPart({ id }: Upload, { PartNumber, ETag }: GivenPart): Error {
  const message =
    'One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified ' +
    "entity tag may not match the part's entity tag.";
  return s3Error('InvalidPart', message, 400, { UploadId: id, PartNumber, ETag });
}

function invalidPartOrder({ id }: Upload): Error {
  const message = 'The list of parts was not in ascending order. Parts must be ordered by part number.';
  return s3Error('InvalidPartOrder', message, 400, { UploadId: id });
}

function partTooSmall({ number, size, etag }: Part): Error {
  const message = 'Your proposed upload is smaller than the minimum allowed size';
  const members = { ProposedSize: size, MinSizeAllowed: partBytesMin, PartNumber: number, ETag: etag };
  return s3Error('EntityTooSmall', message, 400, members);
}
