import type { IncomingMessage } from 'node:http';
import { gunzip } from 'node:zlib';
import { AwsError } from '../aws/errors.ts';

export const bodyBytesMax = 70_167_211;

/** The whole body; rejects with AWS's error when it is too large, ends early or does not unpack. */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bodyBytesMax) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.once('end', () => {
      if (bytes > bodyBytesMax) reject(tooLarge());
      else resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
    });
    request.once('error', reject);
  });
}

/** SDKs compress large requests of some services by themselves. The limit counts unpacked, or a bomb would pass. */
export function unpacked(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (encoding === undefined || encoding === 'identity' || encoding === 'aws-chunked') return Promise.resolve(body);
  if (encoding !== 'gzip') return Promise.reject(unreadable(`the content encoding ${encoding} is not supported`));
  return new Promise((resolve, reject) => {
    gunzip(body, { maxOutputLength: bodyBytesMax }, (error, whole) => {
      if (error === null) resolve(whole);
      else reject(error instanceof RangeError ? tooLarge() : unreadable('the body is not valid gzip'));
    });
  });
}

function tooLarge(): AwsError {
  return new AwsError({
    code: 'RequestEntityTooLargeException',
    message: `Request must be smaller than ${bodyBytesMax} bytes`,
    status: 413,
  });
}

function unreadable(why: string): AwsError {
  return new AwsError({ code: 'SerializationException', message: `Cannot read the request: ${why}`, status: 400 });
}
