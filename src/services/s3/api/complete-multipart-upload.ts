import type { CompleteMultipartUploadRequest } from '@aws-sdk/client-s3';
import type { RequestContext } from '../../../aws/operation.ts';
import type { Bucket, Checksum, ObjectVersion, Part, Upload } from '../../../store/objects/records.ts';
import { algorithms, checksumMember, isAlgorithm } from '../checksums/algorithms.ts';
import { type Chosen, chosenParts } from '../completion.ts';
import { writeCondition } from '../conditions.ts';
import { invalidRequest, noSuchUpload, s3Error } from '../errors.ts';
import { wholeChecksum } from '../multipart.ts';
import { created } from '../notifications/notify.ts';
import { bucketFor, quoted, type S3Parts, shownVersion } from '../parts.ts';
import type { S3Operation } from './types.ts';

/** The parts become the object without being read. A client that asks twice is answered the same twice. */
export function completeMultipartUpload(parts: S3Parts): S3Operation<'CompleteMultipartUpload'> {
  return {
    async handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const { Key: key = '', UploadId: id = '' } = input;
      const upload = parts.objects.uploads.find(bucket, key, id);
      if (upload === undefined) return told(bucket, doneBefore(parts, bucket, input), context);
      const there = parts.objects.uploads.parts(upload);
      const chosen = chosenParts(upload, there, input.MultipartUpload?.Parts ?? []);
      const condition = writeCondition(key, input);
      const checksum = wholeChecksum(upload, chosen.parts);
      checkPromises(input, chosen, checksum);
      const version = await parts.objects.versions.put({
        bucket,
        key,
        etag: chosen.etag,
        body: bodyOf(upload, chosen),
        details: detailsOf(upload, checksum),
        check(current) {
          condition(current);
          // Under the lock of the key: a part that was sent again since then has another file.
          if (!sameFiles(there, parts.objects.uploads.parts(upload))) throw conflict();
        },
        also: created(parts, { bucket, context }, 'CompleteMultipartUpload'),
      });
      return told(bucket, version ?? doneBefore(parts, bucket, input), context);
    },
  };
}

function sameFiles(some: readonly Part[], others: readonly Part[]): boolean {
  return some.length === others.length && some.every(({ file }, place) => file === others[place]?.file);
}

function conflict(): Error {
  const message =
    'A conflicting conditional operation is currently in progress against this resource. Please try again.';
  return s3Error('OperationAborted', message, 409);
}

function bodyOf(upload: Upload, { parts, size, unused }: Chosen) {
  const pieces = parts.map(({ file, size: bytes, number, checksum }) => ({ file, size: bytes, number, checksum }));
  return { kind: 'upload' as const, upload, size, unused, pieces };
}

function detailsOf(
  { id, details: { initiator: _, checksum: __, ...details } }: Upload,
  checksum: Checksum | undefined,
) {
  return { ...details, uploadId: id, checksum };
}

function checkPromises(input: CompleteMultipartUploadRequest, { size }: Chosen, checksum: Checksum | undefined): void {
  if (input.MpuObjectSize !== undefined && input.MpuObjectSize !== size) {
    throw invalidRequest(
      `The provided 'x-amz-mp-object-size' header value ${input.MpuObjectSize} does not match what was computed: ${size}`,
    );
  }
  if (checksum === undefined || !isAlgorithm(checksum.algorithm)) return;
  const said = input[algorithms[checksum.algorithm].member];
  if (said !== undefined && said.replace(/-\d+$/, '') !== checksum.value.replace(/-\d+$/, '')) {
    throw s3Error('BadDigest', `The ${checksum.algorithm} you specified did not match the calculated checksum.`, 400);
  }
}

function doneBefore({ objects }: S3Parts, bucket: Bucket, input: CompleteMultipartUploadRequest): ObjectVersion {
  const { Key: key = '', UploadId: id = '' } = input;
  const current = objects.versions.find(bucket, key);
  if (current === undefined || current.details.uploadId !== id) throw noSuchUpload(id);
  return current;
}

function told(bucket: Bucket, version: ObjectVersion, { endpoint }: RequestContext) {
  const { checksum, headers } = version.details;
  return {
    Location: `${endpoint}/${bucket.name}/${version.key.split('/').map(encodeURIComponent).join('/')}`,
    Bucket: bucket.name,
    Key: version.key,
    ETag: quoted(version.etag),
    VersionId: shownVersion(bucket, version),
    ServerSideEncryption: headers.ServerSideEncryption === undefined ? undefined : ('AES256' as const),
    ChecksumType: checksum?.type,
    ...checksumMember(checksum),
  };
}
