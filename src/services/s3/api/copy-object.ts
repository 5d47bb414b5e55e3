import type { CopyObjectRequest } from '@aws-sdk/client-s3';
import type { RequestContext } from '../../../aws/operation.ts';
import type { ObjectDetails, ObjectVersion } from '../../../store/objects/records.ts';
import { checksumMember } from '../checksums/algorithms.ts';
import { named } from '../checksums/announced.ts';
import { writeCondition } from '../conditions.ts';
import { type Source, sourceBytes, sourceOf } from '../copy-source.ts';
import { detailsOf } from '../details.ts';
import { invalidArgument, invalidRequest, noSuchBucket } from '../errors.ts';
import { checkKey } from '../names.ts';
import { created } from '../notifications/notify.ts';
import { bucketFor, quoted, type S3Parts, shownVersion } from '../parts.ts';
import { type Received, received } from '../receive.ts';
import type { S3Operation } from './types.ts';

/** A copy has its own life but not its own bytes, as long as nothing new has to be computed over them. */
export function copyObject(parts: S3Parts): S3Operation<'CopyObject'> {
  return {
    async handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const { Key: key = '' } = input;
      checkKey(key);
      const check = writeCondition(key, input);
      const { source, details, body, etag, checksum } = await copied(parts, input, context);
      const version = await parts.objects.versions.put({
        bucket,
        key,
        etag,
        body,
        details: { ...details, checksum },
        check,
        also: created(parts, { bucket, context }, 'Copy'),
      });
      if (version === undefined) throw noSuchBucket(bucket.name);
      return {
        CopyObjectResult: {
          ETag: quoted(etag),
          LastModified: new Date(version.modified),
          ChecksumType: checksum?.type,
          ...checksumMember(checksum),
        },
        CopySourceVersionId: shownVersion(source.bucket, source.version),
        VersionId: shownVersion(bucket, version),
        ServerSideEncryption: input.ServerSideEncryption,
      };
    },
  };
}

interface Copied extends Pick<Received, 'body' | 'etag'> {
  readonly source: Source;
  readonly details: ObjectDetails;
  readonly checksum: ObjectDetails['checksum'];
}

/** Whatever is written over the source meanwhile, it is copied as it was found. */
async function copied(parts: S3Parts, input: CopyObjectRequest, context: RequestContext): Promise<Copied> {
  const { source, details, body } = parts.objects.snapshot(() => {
    const source = sourceOf(parts, input, context);
    const details = copiedDetails(input, source.version);
    refuseCopyOntoItself(input, source, bucketFor(parts, input, context).id);
    return { source, details, body: copiedBody(parts, source.version, input.ChecksumAlgorithm) };
  });
  return { source, details, ...(await body) };
}

function copiedDetails(input: CopyObjectRequest, { details: from }: ObjectVersion): ObjectDetails {
  const { MetadataDirective = 'COPY', TaggingDirective = 'COPY' } = input;
  for (const directive of [MetadataDirective, TaggingDirective]) {
    if (directive !== 'COPY' && directive !== 'REPLACE') throw invalidArgument('Unknown metadata directive.');
  }
  const asked = detailsOf(input);
  const { WebsiteRedirectLocation } = asked.headers;
  const redirect: Record<string, string> = WebsiteRedirectLocation === undefined ? {} : { WebsiteRedirectLocation };
  const { WebsiteRedirectLocation: _, ...headers } = from.headers;
  return {
    headers: MetadataDirective === 'REPLACE' ? asked.headers : { ...headers, ...redirect },
    metadata: MetadataDirective === 'REPLACE' ? asked.metadata : from.metadata,
    tags: TaggingDirective === 'REPLACE' ? asked.tags : from.tags,
    // The class is never copied: without one it is STANDARD.
    storageClass: asked.storageClass,
  };
}

function refuseCopyOntoItself(input: CopyObjectRequest, { version }: Source, bucket: number): void {
  if (version.bucket !== bucket || version.key !== input.Key || !version.latest) return;
  const changes =
    input.MetadataDirective === 'REPLACE' ||
    (input.StorageClass ?? version.details.storageClass) !== version.details.storageClass ||
    input.WebsiteRedirectLocation !== undefined ||
    input.ServerSideEncryption !== undefined;
  if (changes) return;
  throw invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's " +
      'metadata, storage class, website redirect location or encryption attributes.',
  );
}

type CopiedBody = Pick<Copied, 'body' | 'etag' | 'checksum'>;

/** Takes hold of the source's bytes before it first waits. */
async function copiedBody(parts: S3Parts, version: ObjectVersion, algorithm: string | undefined): Promise<CopiedBody> {
  const { checksum } = version.details;
  const same = algorithm === undefined || algorithm === checksum?.algorithm;
  // An ETag of parts, and a checksum of parts' checksums, are not those of the whole.
  if (same && !version.etag.includes('-') && checksum?.type !== 'COMPOSITE') {
    return { body: await parts.objects.twin(version), etag: version.etag, checksum };
  }
  const wanted = named(algorithm ?? checksum?.algorithm);
  const read = await received(parts.objects, sourceBytes(parts, version), { checksum: wanted });
  return { ...read, checksum: read.checksum && { ...read.checksum, type: 'FULL_OBJECT' } };
}
