import type { ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import { pipeline, Readable } from 'node:stream';
import type { WireResponse } from '../aws/wire.ts';
import { invariant } from '../base/invariant.ts';
import { DirectAnswer } from './direct/answer.ts';

export type Outgoing = ServerResponse | Http2ServerResponse;

/** What AWS operations are answered by. */
export type Answering = Outgoing | DirectAnswer;

/** Up to here, copying a body behind its head is quicker than handing the system two pieces. */
const joinedBytesMax = 4096;

/** A client that takes nothing of its answer for so long holds memory, a file and a connection for nothing. */
const stalledMsMax = 120_000;

/** Head and body in one write where the body is there; a stream goes out as it comes, as fast as it is read. */
export function respond(response: Answering, wire: WireResponse, extra: readonly string[]): void {
  const { status, headers, body, sized = false } = wire;
  const head = extra.length === 0 ? headers : [...extra, ...headers];
  if (typeof body === 'string' || body instanceof Uint8Array) {
    // These have no body and say nothing of its length; the answer to HEAD says another's.
    if (status === 204 || status === 304 || sized) return respondWhole(response, status, head);
    head.push('content-length', String(typeof body === 'string' ? Buffer.byteLength(body) : body.length));
    return respondWhole(response, status, head, body);
  }
  invariant(!(response instanceof DirectAnswer), 'an Invoke is answered whole');
  writeHead(response, status, head);
  endStalled(response);
  const source = Readable.from(body, { objectMode: false });
  // What breaks here breaks the connection: the client sees a body that does not end.
  if (!isGone(response)) pipeline(source, response, () => {});
  else abandon(source);
}

/** Whoever asked is gone. A source that has begun hears of it; one that has not would not, and would wait to be read. */
function abandon(source: Readable): void {
  source.on('error', () => {});
  source.read(0);
  source.destroy();
}

function respondWhole(response: Answering, status: number, head: string[], body?: string | Uint8Array): void {
  if (response instanceof DirectAnswer) return response.send(status, head, body ?? '');
  writeHead(response, status, head);
  if (body === undefined) response.end();
  else if (typeof body === 'string' || body.length > joinedBytesMax) response.end(body);
  // Head and body become one string and one write; Latin-1 carries every byte as it is.
  else response.end(Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1'), 'latin1');
  // What the system has not taken at once waits for the client.
  if (response.writableLength > 0) endStalled(response);
}

/** Whether nobody hears what is answered. A response of HTTP/2 does not say so itself, whatever its type promises. */
export function isGone(response: Answering): boolean {
  return 'stream' in response ? response.stream.destroyed : response.destroyed;
}

/** Ends an answer that its client does not read. One of which nothing waits to be sent may be silent as long as it likes. */
export function endStalled(response: Outgoing, waitMsMax = stalledMsMax): void {
  response.on('timeout', () => {
    if (response.writableLength > 0) response.destroy();
    else response.setTimeout(waitMsMax);
  });
  response.setTimeout(waitMsMax);
}

/** Both kinds of response take a flat list; the types of their `writeHead` have no signature in common. */
export function writeHead(response: Outgoing, status: number, head: string[]): void {
  if ('stream' in response) response.writeHead(status, head);
  else response.writeHead(status, head);
}
