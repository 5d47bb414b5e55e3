/**
 * What is no request, or one that two servers in a row could read in two ways. Node.js refuses most of the kind by itself;
 * here is what it lets through.
 */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../base/clock.ts';
import type { Incoming } from './body.ts';
import type { Outgoing } from './respond.ts';
import { respond } from './respond.ts';

interface Problem {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

const notHttp: Problem = { status: 400, type: 'BadRequestException', message: 'The request is not valid HTTP' };
const noPath: Problem = { ...notHttp, message: 'The request names no path of this server' };
const twoHosts: Problem = { ...notHttp, message: 'The request names its host twice' };
const version: Problem = { ...notHttp, status: 505, message: 'The version of HTTP is not one that is spoken here' };
const encoding: Problem = { ...notHttp, status: 501, message: 'The only transfer encoding is chunked, of HTTP/1.1' };

/** Undefined of what may go on. */
export function malformed(request: Incoming): Problem | undefined {
  const { url = '', method, headers } = request;
  // A URL with another server's name is for a proxy, and is believed by some to come before the Host header.
  if (!url.startsWith('/') && !(url === '*' && method === 'OPTIONS')) return noPath;
  if ('stream' in request) {
    const { host, ':authority': authority } = headers;
    return host !== undefined && authority !== undefined && host !== authority ? twoHosts : undefined;
  }
  // The parser takes HTTP/2.0 and HTTP/0.9 in a first line as well.
  if (request.httpVersionMajor !== 1) return version;
  if (hostsOf(request.rawHeaders) > 1) return twoHosts;
  const coded = headers['transfer-encoding'];
  if (coded === undefined) return undefined;
  return coded.toLowerCase() === 'chunked' && request.httpVersion === '1.1' ? undefined : encoding;
}

/** Node.js shows the first and says nothing of the others. */
function hostsOf(rawHeaders: readonly string[]): number {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts;
}

/** What comes after it on the same connection means nothing. */
export function refuseMalformed(request: Incoming, response: Outgoing, { status, type, message }: Problem): void {
  request.resume();
  const closing = 'stream' in request ? [] : ['connection', 'close'];
  const headers = ['content-type', 'application/json', 'x-amzn-errortype', type, ...closing];
  respond(response, { status, headers, body: JSON.stringify({ message }) }, []);
}

/** For a client to read the answer before it sees that nobody takes what it sends. */
const lingerMs = 1_000;
const lingering = new WeakSet<Duplex>();

/** What Node.js gave up on is answered in the shape of AWS's errors, and the connection closed. */
export function refuseUnparsed(error: NodeJS.ErrnoException, socket: Duplex, clock: Clock): void {
  // Everything that still comes fails as well.
  if (lingering.has(socket)) return;
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const { status, type, message } = unparsed[error.code ?? ''] ?? notHttp;
  const body = JSON.stringify({ message });
  lingering.add(socket);
  socket.once(
    'close',
    clock.after(lingerMs, () => socket.destroy()),
  );
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: application/json\r\n` +
      `x-amzn-errortype: ${type}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
}

const unparsed: Readonly<Record<string, Problem>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    type: 'RequestHeaderTooLargeException',
    message: 'Request headers are too large',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    type: 'RequestTimeoutException',
    message: 'The request did not arrive in time',
  },
};
