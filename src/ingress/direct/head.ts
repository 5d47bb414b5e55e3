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
const requestLine = /^POST (\/2015-03-31\/functions\/[\w%:$.-]+\/invocations(?:\?Qualifier=[\w$-]+)?) HTTP\/1\.1$/;
/** Neither tabs nor what is beyond ASCII, and no space around the name. */
const headerLine = /^([A-Za-z0-9-]+):([\x20-\x7e]*)$/;
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
  const [first = '', ...lines] = bytes.toString('latin1', 0, length).split('\r\n');
  const url = requestLine.exec(first)?.[1];
  const headers = url === undefined || lines.length > headersMax ? undefined : headersOf(lines);
  if (url === undefined || headers === undefined || !isPlain(headers)) return undefined;
  const bodyStart = length + headEnd.length;
  const bodyBytes = Number(headers['content-length']);
  if (bodyBytes > bodyBytesMax) return undefined;
  return { url, headers, bodyStart, end: bodyStart + bodyBytes };
}

function headersOf(lines: readonly string[]): IncomingHttpHeaders | undefined {
  const headers: IncomingHttpHeaders = {};
  for (const line of lines) {
    const [, name, value = ''] = headerLine.exec(line) ?? [];
    const key = name?.toLowerCase();
    // A name that comes twice, or that every object has.
    if (key === undefined || key in headers || unusual.has(key)) return undefined;
    headers[key] = value.trim();
  }
  return headers;
}

function isPlain(headers: IncomingHttpHeaders): boolean {
  const { host, connection, authorization, 'content-length': length } = headers;
  if (host === undefined || host === '' || length === undefined || !lengthValue.test(length)) return false;
  if (connection !== undefined && connection.toLowerCase() !== 'keep-alive') return false;
  return authorization === undefined || lambdaSignature.test(authorization);
}
