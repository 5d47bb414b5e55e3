/** What the operations of multipart uploads have in common. */
import type { RequestContext } from '../../aws/operation.ts';
import type { Bucket, Checksum, Part, Upload } from '../../store/objects/records.ts';
import { type AlgorithmName, algorithms, isAlgorithm } from './checksums/algorithms.ts';
import { combinedCrc } from './checksums/combine.ts';
import { invalidArgument, invalidRequest, noSuchUpload } from './errors.ts';
import { partsMax } from './limits.ts';
import { bucketFor, type S3Parts } from './parts.ts';

interface UploadInput {
  readonly Bucket: string | undefined;
  readonly Key: string | undefined;
  readonly UploadId: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

export function uploadFor(
  parts: S3Parts,
  input: UploadInput,
  context: RequestContext,
): { readonly bucket: Bucket; readonly upload: Upload } {
  const bucket = bucketFor(parts, input, context);
  const { Key = '', UploadId = '' } = input;
  const upload = parts.objects.uploads.find(bucket, Key, UploadId);
  if (upload === undefined) throw noSuchUpload(UploadId);
  return { bucket, upload };
}

export function checkPartNumber(number: number | undefined): number {
  if (number !== undefined && Number.isInteger(number) && number >= 1 && number <= partsMax) return number;
  const message = `Part number must be an integer between 1 and ${partsMax}, inclusive`;
  throw invalidArgument(message, 'partNumber', String(number));
}

export function algorithmOf({ details: { checksum } }: Upload): AlgorithmName | undefined {
  return checksum !== undefined && isAlgorithm(checksum.algorithm) ? checksum.algorithm : undefined;
}

/** How the parts' checksums make one of the whole: joined by arithmetic, or hashed like an ETag. */
export function checksumType(algorithm: AlgorithmName, asked: string | undefined): Checksum['type'] {
  const { combines, header } = algorithms[algorithm];
  const type = asked ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
  const possible = type === 'FULL_OBJECT' ? combines : algorithm !== 'CRC64NVME';
  if ((type === 'FULL_OBJECT' || type === 'COMPOSITE') && possible) return type;
  throw invalidRequest(`The ${type} checksum type cannot be used with the ${header} checksum algorithm.`);
}

export function wholeChecksum(upload: Upload, parts: readonly Part[]): Checksum | undefined {
  const algorithm = algorithmOf(upload);
  const { checksum } = upload.details;
  if (algorithm === undefined || checksum === undefined) return undefined;
  const each = parts.map((part) => ({ crc: Buffer.from(part.checksum ?? '', 'base64'), size: part.size }));
  if (checksum.type === 'COMPOSITE') {
    const running = algorithms[algorithm].start();
    for (const { crc } of each) running.update(crc);
    return { ...checksum, value: `${running.digest().toString('base64')}-${parts.length}` };
  }
  if (algorithm === 'SHA1' || algorithm === 'SHA256') return undefined;
  return { ...checksum, value: combinedCrc(algorithm, each).toString('base64') };
}
