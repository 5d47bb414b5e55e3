import type { Protocol } from '../aws/model.ts';
import { type ChunkSigner, type Dechunked, dechunked } from '../aws/sigv4/chunked.ts';
import type { Headers } from '../aws/sigv4/signature.ts';
import { refused } from '../iam/refusal.ts';

/** The body without its `aws-chunked` framing, if it has one; signed chunks and trailers are verified. */
export function dechunkedBody(
  headers: Headers,
  body: Buffer,
  signer: ChunkSigner | undefined,
  protocol: Protocol,
): Dechunked {
  if (!headers['x-amz-content-sha256']?.startsWith('STREAMING-')) return { body, trailers: noTrailers };
  const whole = dechunked(body, signer);
  if (whole === 'mismatch') throw refused('mismatch', protocol);
  if (whole === 'malformed') throw refused('malformed-chunks', protocol);
  const length = headers['x-amz-decoded-content-length'];
  if (length !== undefined && Number(length) !== whole.body.length) throw refused('malformed-chunks', protocol);
  return whole;
}

const noTrailers = {};
