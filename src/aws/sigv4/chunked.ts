/**
 * The `aws-chunked` body: `hex-size[;chunk-signature=…]\r\n data \r\n`, ended by an empty chunk and perhaps trailers. Each
 * signature signs its chunk and the signature before it, starting with the request's own.
 */
import { createHmac, hash, type KeyObject } from 'node:crypto';
import type { Scope } from './signature.ts';

export interface ChunkSigner {
  readonly key: KeyObject;
  readonly timestamp: string;
  readonly scope: Scope;
  /** The request's signature. */
  readonly seed: string;
}

export interface Dechunked {
  readonly body: Buffer;
  /** Names in lower case. */
  readonly trailers: Readonly<Record<string, string>>;
}

const emptyHash = hash('sha256', '', 'hex');
const lineMax = 8192;
const trailersMax = 16;

/** Answers `malformed` or `mismatch` when the framing or a signature does not hold. */
export function dechunked(body: Buffer, signer: ChunkSigner | undefined): Dechunked | 'malformed' | 'mismatch' {
  const parts: Buffer[] = [];
  let previous = signer?.seed ?? '';
  let at = 0;
  for (;;) {
    const head = lineAt(body, at);
    const match = /^([0-9a-f]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(head?.text ?? '');
    if (head === undefined || match === null) return 'malformed';
    const size = Number.parseInt(match[1] ?? '', 16);
    const data = body.subarray(head.next, head.next + size);
    if (data.length !== size) return 'malformed';
    if (signer !== undefined) {
      const expected = chunkSignature(signer, previous, data);
      if (expected !== match[2]) return 'mismatch';
      previous = expected;
    }
    at = head.next + size;
    if (size === 0) return withTrailers(parts, body, at, signer, previous);
    if (body[at] !== 13 || body[at + 1] !== 10) return 'malformed';
    at += 2;
    parts.push(data);
  }
}

function lineAt(body: Buffer, from: number): { text: string; next: number } | undefined {
  const end = body.indexOf('\r\n', from);
  if (end === -1 || end - from > lineMax) return undefined;
  return { text: body.toString('latin1', from, end), next: end + 2 };
}

function chunkSignature({ key, timestamp, scope }: ChunkSigner, previous: string, data: Buffer): string {
  const place = `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
  const hashes = `${previous}\n${emptyHash}\n${hash('sha256', data, 'hex')}`;
  return createHmac('sha256', key).update(`AWS4-HMAC-SHA256-PAYLOAD\n${timestamp}\n${place}\n${hashes}`).digest('hex');
}

function withTrailers(parts: Buffer[], body: Buffer, from: number, signer: ChunkSigner | undefined, previous: string) {
  const trailers: Record<string, string> = {};
  let signed = '';
  let signature: string | undefined;
  let at = from;
  for (let count = 0; ; count += 1) {
    const line = lineAt(body, at);
    if (line === undefined || line.text === '') break;
    const colon = line.text.indexOf(':');
    if (colon < 1 || count >= trailersMax) return 'malformed';
    const name = line.text.slice(0, colon).trim().toLowerCase();
    const value = line.text.slice(colon + 1).trim();
    if (name === 'x-amz-trailer-signature') signature = value;
    else {
      if (name !== '__proto__') trailers[name] = value;
      signed += `${name}:${value}\n`;
    }
    at = line.next;
  }
  if (signer !== undefined && signed !== '' && signature !== trailerSignature(signer, previous, signed))
    return 'mismatch';
  return { body: parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts), trailers };
}

function trailerSignature({ key, timestamp, scope }: ChunkSigner, previous: string, signed: string): string {
  const place = `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
  const text = `AWS4-HMAC-SHA256-TRAILER\n${timestamp}\n${place}\n${previous}\n${hash('sha256', signed, 'hex')}`;
  return createHmac('sha256', key).update(text).digest('hex');
}
