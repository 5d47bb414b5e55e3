/** Reading a request's body: never more than its operation takes. */
import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { gunzip } from 'node:zlib';
import { AwsError } from '../aws/errors.ts';
import { emptyBody } from '../aws/wire.ts';

export type Incoming = IncomingMessage | Http2ServerRequest;

/** What an operation takes that says nothing of it. Bodies are held in memory; what takes more says so in its row. */
export const bodyBytesMax = 16 * 1024 * 1024;

/** A client that is told of its mistake before it has sent everything often hears a broken pipe instead. */
export const discardedBytesMax = 128 * 1024 * 1024;

/** Of one body; so little is always taken, whatever others send. */
const smallBytesMax = 64 * 1024;

/** What more there is of all bodies on their way: many that never come to their end would fill the memory. */
const held = { bytes: 0, bytesMax: 1024 * 1024 * 1024 };

export interface BodyTaker {
  readonly bytesMax: number;
  taken(body: Buffer): void;
  /** More than `bytesMax`: once it has been read to its end, or at once when that is too far away. */
  tooLarge(bytes: number, ended: boolean): void;
}

/** Calls one of the taker's functions once; neither when the client goes away before. */
export function readBody(request: Incoming, taker: BodyTaker): void {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > discardedBytesMax && announced > taker.bytesMax) {
    taker.tooLarge(announced, false);
    return;
  }
  if (announced === 0 && request.headers['transfer-encoding'] === undefined && request.httpVersionMajor < 2) {
    taker.taken(emptyBody);
    return;
  }
  collect(request, taker);
}

function collect(request: Incoming, { bytesMax, taken, tooLarge }: BodyTaker): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let over = false;
  const holds = placeFor(request);
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= bytesMax) {
      if (bytes > smallBytesMax && !holds(chunk.length)) request.destroy();
      chunks.push(chunk);
      return;
    }
    chunks.length = 0;
    if (bytes > Math.max(discardedBytesMax, bytesMax) && !over) {
      over = true;
      tooLarge(bytes, false);
    }
  });
  request.on('end', () => {
    if (over) return;
    const [first] = chunks;
    if (bytes > bytesMax) tooLarge(bytes, true);
    else taken(first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks, bytes));
  });
  // A client that went away is not answered; without a listener its going would be an uncaught error.
  request.on('error', () => {});
}

/** A place for bytes of one request, until it is over; false when there is none. Clients try again what breaks off. */
function placeFor(request: Incoming): (bytes: number) => boolean {
  let own = 0;
  const giveBack = () => {
    held.bytes -= own;
  };
  return (bytes) => {
    if (held.bytes + bytes > held.bytesMax) return false;
    if (own === 0) request.once('close', giveBack);
    own += bytes;
    held.bytes += bytes;
    return true;
  };
}

/** SDKs compress large requests of some services by themselves. The limit counts unpacked, or a bomb would pass. */
export function unpacked(body: Buffer, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    gunzip(body, { maxOutputLength: bytesMax }, (error, whole) => {
      if (error === null) resolve(whole);
      else reject(error instanceof RangeError ? bodyTooLarge(bytesMax) : notGzip());
    });
  });
}

export function bodyTooLarge(bytesMax: number, operation?: string): AwsError {
  const where = operation === undefined ? '' : ` for the ${operation} operation`;
  const message = `Request must be smaller than ${bytesMax} bytes${where}`;
  return new AwsError({ code: 'RequestEntityTooLargeException', message, status: 413 });
}

function notGzip(): AwsError {
  const message = 'Cannot read the request: its body is not the gzip data that its content encoding promises';
  return new AwsError({ code: 'SerializationException', message, status: 400 });
}
