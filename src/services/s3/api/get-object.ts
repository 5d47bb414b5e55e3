import type { Readable } from 'node:stream';
import { bucketFor, type S3Parts, versionFor } from '../parts.ts';
import { served } from '../serve.ts';
import type { S3Operation } from './types.ts';

type Body = NonNullable<Awaited<ReturnType<S3Operation<'GetObject'>['handle']>>['Body']>;

/** Large bodies flow from the disk as fast as the client takes them. */
export function getObject(parts: S3Parts): S3Operation<'GetObject'> {
  return {
    streaming: true,
    handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const { head, bytes } = parts.objects.snapshot(() => {
        const version = versionFor(parts, bucket, input);
        const { head, start, end } = served(bucket, version, input, context);
        return { head, bytes: parts.objects.versions.read(version, start, end) };
      });
      const { ContentLength, ...rest } = head;
      if (bytes instanceof Buffer) return { ...rest, Body: asBody(bytes) };
      return { ...rest, ContentLength, Body: asBody(bytes) };
    },
  };
}

/** The codec takes bytes and streams; the SDK's type is of what its clients get. */
function asBody(bytes: Buffer | AsyncIterable<Buffer>): Body {
  return bytes as unknown as Body & Readable;
}
