/**
 * The `aws-chunked` body: `hex-size[;chunk-signature=…]\r\n data \r\n`, ended by an empty chunk and perhaps trailers. Each
 * signature signs its chunk and the signature before it, starting with the request's own.
 */
import { createHash, createHmac, type Hash, hash, type KeyObject } from 'node:crypto';
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

/** A body that is there already. Answers `malformed` or `mismatch` when the framing or a signature does not hold. */
export function dechunked(body: Buffer, signer: ChunkSigner | undefined): Dechunked | ChunkProblem {
  const decoder = new ChunkDecoder(signer);
  try {
    const parts = [...decoder.push(body)];
    const trailers = decoder.end();
    return { body: parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts), trailers };
  } catch (error) {
    if (error instanceof ChunkError) return error.problem;
    throw error;
  }
}

export type ChunkProblem = 'malformed' | 'mismatch';

export class ChunkError extends Error {
  readonly problem: ChunkProblem;
  constructor(problem: ChunkProblem) {
    super(`The chunks of the body are ${problem}`);
    this.problem = problem;
  }
}

/**
 * Takes the framing off as the bytes come. A chunk's data is given on before its signature can be checked, so nothing
 * of it counts before `end` has answered. Both throw `ChunkError`.
 */
export class ChunkDecoder {
  readonly #signer: ChunkSigner | undefined;
  #state: 'head' | 'data' | 'data end' | 'trailers' | 'ended' = 'head';
  /** The start of a line whose end has not come. */
  #held: Buffer = Buffer.alloc(0);
  #left = 0;
  #hash: Hash | undefined;
  #said: string | undefined;
  #previous: string;
  readonly #trailers: Record<string, string> = {};
  #trailersSigned = '';
  #trailersCount = 0;
  #trailersSignature: string | undefined;

  constructor(signer: ChunkSigner | undefined) {
    this.#signer = signer;
    this.#previous = signer?.seed ?? '';
  }

  *push(bytes: Buffer): Generator<Buffer> {
    let rest = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    while (rest.length > 0 && this.#state !== 'ended') {
      if (this.#state === 'data') {
        const data = rest.subarray(0, this.#left);
        rest = rest.subarray(data.length);
        this.#take(data);
        yield data;
        continue;
      }
      const end = rest.indexOf('\r\n');
      if (end > lineMax || (end === -1 && rest.length > lineMax)) throw new ChunkError('malformed');
      if (end === -1) break;
      this.#line(rest.toString('latin1', 0, end));
      rest = rest.subarray(end + 2);
    }
    this.#held = this.#state === 'ended' ? Buffer.alloc(0) : rest;
  }

  /** The trailers. A client may leave out the empty line that ends them. */
  end(): Readonly<Record<string, string>> {
    if (this.#state !== 'trailers' && this.#state !== 'ended') throw new ChunkError('malformed');
    if (this.#signer !== undefined && this.#trailersSigned !== '') {
      const expected = trailerSignature(this.#signer, this.#previous, this.#trailersSigned);
      if (this.#trailersSignature !== expected) throw new ChunkError('mismatch');
    }
    return this.#trailers;
  }

  #take(data: Buffer): void {
    this.#hash?.update(data);
    this.#left -= data.length;
    if (this.#left > 0) return;
    this.#verify();
    this.#state = 'data end';
  }

  #line(text: string): void {
    if (this.#state === 'head') this.#head(text);
    else if (this.#state === 'trailers') this.#trailer(text);
    else if (text === '') this.#state = 'head';
    else throw new ChunkError('malformed');
  }

  #head(text: string): void {
    const match = /^([0-9a-f]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(text);
    if (match === null) throw new ChunkError('malformed');
    this.#left = Number.parseInt(match[1] ?? '', 16);
    this.#said = match[2];
    if (this.#signer !== undefined) this.#hash = createHash('sha256');
    this.#state = 'data';
    if (this.#left > 0) return;
    this.#verify();
    this.#state = 'trailers';
  }

  #verify(): void {
    if (this.#signer === undefined || this.#hash === undefined) return;
    const expected = chunkSignature(this.#signer, this.#previous, this.#hash.digest('hex'));
    if (expected !== this.#said) throw new ChunkError('mismatch');
    this.#previous = expected;
  }

  #trailer(text: string): void {
    if (text === '') {
      this.#state = 'ended';
      return;
    }
    const colon = text.indexOf(':');
    this.#trailersCount += 1;
    if (colon < 1 || this.#trailersCount > trailersMax) throw new ChunkError('malformed');
    const name = text.slice(0, colon).trim().toLowerCase();
    const value = text.slice(colon + 1).trim();
    if (name === 'x-amz-trailer-signature') {
      this.#trailersSignature = value;
      return;
    }
    if (name !== '__proto__') this.#trailers[name] = value;
    this.#trailersSigned += `${name}:${value}\n`;
  }
}

function chunkSignature({ key, timestamp, scope }: ChunkSigner, previous: string, dataHash: string): string {
  const place = `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
  const hashes = `${previous}\n${emptyHash}\n${dataHash}`;
  return createHmac('sha256', key).update(`AWS4-HMAC-SHA256-PAYLOAD\n${timestamp}\n${place}\n${hashes}`).digest('hex');
}

function trailerSignature({ key, timestamp, scope }: ChunkSigner, previous: string, signed: string): string {
  const place = `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
  const text = `AWS4-HMAC-SHA256-TRAILER\n${timestamp}\n${place}\n${previous}\n${hash('sha256', signed, 'hex')}`;
  return createHmac('sha256', key).update(text).digest('hex');
}
