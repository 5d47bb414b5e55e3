/** `x-amz-copy-source`: `bucket/key?versionId=…`, percent-encoded, with or without a slash before it. */
import { Readable } from 'node:stream';
import { decodePart } from '../../aws/codec/uri.ts';
import type { RequestContext } from '../../aws/operation.ts';
import type { Bucket, ObjectVersion } from '../../store/objects/records.ts';
import { type CopyConditions, checkCopyConditions } from './conditions.ts';
import { invalidArgument, invalidRequest } from './errors.ts';
import { objectBytesMax } from './limits.ts';
import { bucketFor, type S3Parts, versionFor } from './parts.ts';

export interface CopySource {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId: string | undefined;
}

export function copySource(text: string): CopySource {
  const [path = '', version] = text.split('?versionId=');
  const decoded = decodePart(path.replaceAll('+', ' ')).replace(/^\//, '');
  const slash = decoded.indexOf('/');
  if (slash < 1 || slash === decoded.length - 1) {
    const message = 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey';
    throw invalidArgument(message, 'x-amz-copy-source', text);
  }
  const VersionId = version === undefined ? undefined : decodePart(version);
  return { Bucket: decoded.slice(0, slash), Key: decoded.slice(slash + 1), VersionId };
}

export interface CopyInput extends CopyConditions {
  readonly CopySource: string | undefined;
  readonly ExpectedSourceBucketOwner?: string | undefined;
}

export interface Source {
  readonly bucket: Bucket;
  readonly version: ObjectVersion;
}

/** What is to be copied; its conditions hold. */
export function sourceOf(parts: S3Parts, input: CopyInput, context: RequestContext): Source {
  const named = copySource(input.CopySource ?? '');
  const { ExpectedSourceBucketOwner: ExpectedBucketOwner } = input;
  const bucket = bucketFor(parts, { Bucket: named.Bucket, ExpectedBucketOwner }, context);
  const version = versionFor(parts, bucket, named);
  checkCopyConditions(version, input);
  if (version.size > objectBytesMax && context.operation === 'CopyObject') {
    const message = `The specified copy source is larger than the maximum allowable size for a copy source: ${objectBytesMax}`;
    throw invalidRequest(message);
  }
  return { bucket, version };
}

/** The source's bytes from the store, for a copy that has to read them. Called in the snapshot that found the source. */
export function sourceBytes(
  { objects }: S3Parts,
  version: ObjectVersion,
  start = 0,
  end = version.size,
): AsyncIterable<Buffer> {
  const bytes = objects.versions.read(version, start, end);
  return Buffer.isBuffer(bytes) ? Readable.from([bytes]) : bytes;
}
