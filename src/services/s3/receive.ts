/** A body from the wire into the store: hashed on its way, checked against all that was said of it, durable at the end. */
import { createHash } from 'node:crypto';
import type { RequestBody, RequestContext } from '../../aws/operation.ts';
import type { ObjectStore } from '../../store/objects/object-store.ts';
import type { StagedBody } from '../../store/objects/staging.ts';
import { type AlgorithmName, algorithms } from './checksums/algorithms.ts';
import { type Announced, announcedChecksum } from './checksums/announced.ts';
import { badChecksum, badMd5, checkMd5Form, entityTooLarge, s3Error } from './errors.ts';
import { objectBytesMax } from './limits.ts';

export interface Received {
  readonly body: StagedBody;
  /** MD5, hexadecimal. */
  readonly etag: string;
  readonly checksum: { readonly algorithm: AlgorithmName; readonly value: string } | undefined;
}

export interface Expected {
  /** Base64 of the MD5. */
  readonly md5?: string | undefined;
  readonly checksum?: Announced | undefined;
  readonly bytesMin?: number;
  readonly bytesMax?: number;
  /** Parts of uploads are files, however small. */
  readonly inline?: boolean;
}

/** The body of a request. Throws S3's error when anything does not hold, and leaves nothing behind. */
export async function receivedBody(
  objects: ObjectStore,
  context: RequestContext,
  { inline = true, otherwise }: { readonly inline?: boolean; readonly otherwise?: AlgorithmName } = {},
): Promise<Received> {
  const { body, headers } = context;
  if (body?.length === undefined) {
    throw s3Error('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411);
  }
  if (body.length > objectBytesMax) throw entityTooLarge(body.length, objectBytesMax);
  const checksum = announcedChecksum(context) ?? (otherwise && { algorithm: otherwise, value: undefined });
  const md5 = headers['content-md5'];
  if (md5 !== undefined) checkMd5Form(md5);
  return received(objects, body, { md5, checksum, inline, trailers: body });
}

interface Expectation extends Expected {
  readonly trailers?: Pick<RequestBody, 'trailers'>;
}

/** Any bytes; those of a form or of another object have no trailers. */
export async function received(
  objects: ObjectStore,
  bytes: AsyncIterable<Buffer>,
  { md5, checksum, bytesMin = 0, bytesMax = objectBytesMax, inline = true, trailers }: Expectation,
): Promise<Received> {
  const staging = objects.stage({ inline });
  const hash = createHash('md5');
  const running = checksum === undefined ? undefined : algorithms[checksum.algorithm].start();
  let size = 0;
  try {
    for await (const chunk of bytes) {
      size += chunk.length;
      if (size > bytesMax) throw entityTooLarge(size, bytesMax);
      hash.update(chunk);
      running?.update(chunk);
      await staging.write(chunk);
    }
    if (size < bytesMin) throw tooSmall(size, bytesMin);
    const digest = hash.digest();
    if (md5 !== undefined && Buffer.compare(Buffer.from(md5, 'base64'), digest) !== 0) throw badMd5(md5, digest);
    const value = running?.digest().toString('base64');
    checkValue(checksum, value, trailers?.trailers ?? {});
    return {
      body: await staging.finish(),
      etag: digest.toString('hex'),
      checksum: checksum === undefined || value === undefined ? undefined : { algorithm: checksum.algorithm, value },
    };
  } catch (error) {
    await staging.abandon();
    throw error;
  }
}

function checkValue(
  checksum: Announced | undefined,
  value: string | undefined,
  trailers: RequestBody['trailers'],
): void {
  if (checksum === undefined) return;
  const said = checksum.value ?? trailers[`x-amz-checksum-${algorithms[checksum.algorithm].header}`];
  if (said === undefined && checksum.trailing) throw missingTrailer();
  if (said === undefined || said === value) return;
  throw badChecksum(checksum.algorithm);
}

function missingTrailer(): Error {
  const message =
    'The request contained trailing data that was not well-formed or did not conform to our published schema.';
  return s3Error('MalformedTrailerError', message, 400);
}

function tooSmall(ProposedSize: number, MinSizeAllowed: number): Error {
  const message = 'Your proposed upload is smaller than the minimum allowed size';
  return s3Error('EntityTooSmall', message, 400, { ProposedSize, MinSizeAllowed });
}
