/**
 * The head of a plain Invoke, read strictly: where a byte is anything but what every client sends, it is not one, and
 * `node:http` reads the request. So nothing is understood here that it would understand otherwise.
 */
import type { IncomingHttpHeaders } from 'node:http';

export interface InvokeHead {
  readonly url: string;
  /** Names in lower case, each once. */
  readonly headers: IncomingHttpHeaders;
  /** Where the body begins and ends. */
  readonly bodyStart: number;
  readonly end: number;
}

/** Larger bodies come in many pieces, and what is saved here is nothing beside them. */
const bodyBytesMax = 64 * 1024;
const headersMax = 64;

const headEnd = Buffer.from('\r\n\r\n');
const requestLine = /^POST (\/2015-03-31\/functions\/[\w%:$.-]+\/invocations(?:\?Qualifier=[\w$-]+)?) HTTP\/1\.1\r\n/;
/** Neither tabs nor what is beyond ASCII, and no space around the names. */
const headerLines = /^(?:[A-Za-z0-9-]+:[\x20-\x7e]*\r\n)+$/;
const lengthValue = /^[0-9]{1,5}$/;
const lambdaSignature =
  /^AWS4-HMAC-SHA256 Credential=[\w.-]+\/\d{8}\/[\w-]+\/lambda\/aws4_request, ?SignedHeaders=[a-z0-9;-]+, ?Signature=[0-9a-f]{64}$/;

/** What changes how a request is read, whose it is or how it is answered. */
const unusual = new Set([
  'transfer-encoding',
  'expect',
  'upgrade',
  'te',
  'trailer',
  'keep-alive',
  'proxy-connection',
  'http2-settings',
  'set-cookie',
  'x-amz-target',
  'smithy-protocol',
  'sec-fetch-dest',
]);

/** Of bytes that begin with the head of a plain Invoke; undefined of all others. */
export function invokeHead(bytes: Buffer): InvokeHead | undefined {
  const length = bytes.indexOf(headEnd);
  if (length < 0) return undefined;
  const text = bytes.toString('latin1', 0, length + 2);
  const [line = '', url] = requestLine.exec(text) ?? [];
  const headers = url === undefined ? undefined : headersOf(text.slice(line.length));
  if (url === undefined || headers === undefined || !isPlain(headers)) return undefined;
  const bodyStart = length + headEnd.length;
  const bodyBytes = Number(headers['content-length']);
  if (bodyBytes > bodyBytesMax) return undefined;
  return { url, headers, bodyStart, end: bodyStart + bodyBytes };
}

function headersOf(lines: string): IncomingHttpHeaders | undefined {
  if (!headerLines.test(lines)) return undefined;
  const headers: IncomingHttpHeaders = {};
  let count = 0;
  for (let at = 0; at < lines.length; count += 1) {
    const colon = lines.indexOf(':', at);
    const end = lines.indexOf('\r', colon);
    const name = lines.slice(at, colon).toLowerCase();
    // A name that comes twice, or that every object has.
    if (headers[name] !== undefined || unusual.has(name) || count === headersMax) return undefined;
    headers[name] = lines.slice(colon + 1, end).trim();
    at = end + 2;
  }
  return headers;
}

function isPlain(headers: IncomingHttpHeaders): boolean {
  const { host, connection, authorization, 'content-length': length } = headers;
  if (host === undefined || host === '' || length === undefined || !lengthValue.test(length)) return false;
  if (connection !== undefined && connection.toLowerCase() !== 'keep-alive') return false;
  return authorization === undefined || lambdaSignature.test(authorization);
}
