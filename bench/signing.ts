/**
 * Requests as bytes, signed once and sent many times: a signature holds for five minutes, and signing each would
 * measure the load client. The server verifies every one of them all the same.
 */
import { signed } from '../src/aws/sigv4/sign.ts';
import type { Endpoint } from './targets/target.ts';

export const region = 'us-east-1';
export const credentials = { accessKeyId: 'AKIABENCHBENCHBENCH0', secretAccessKey: 'bench' };

type Headers = Readonly<Record<string, string>>;

/** An Invoke of the function, as base64. */
export function invokeRequest(endpoint: Endpoint, functionName: string, event: unknown, more: Headers = {}): string {
  const headers = { 'content-type': 'application/json', ...more };
  return signedRequest(endpoint, { service: 'lambda', path: endpoint.path(functionName), headers, content: event });
}

/** An operation of SQS, as base64. */
export function sqsRequest(endpoint: Endpoint, operation: string, content: unknown): string {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` };
  return signedRequest(endpoint, { service: 'sqs', path: '/', headers, content });
}

/** What anybody may send: a POST of JSON, as base64. */
export function plainRequest(host: string, path: string, content: unknown): string {
  const body = Buffer.from(JSON.stringify(content));
  const lines = [`POST ${path} HTTP/1.1`, `host: ${host}`, 'content-type: application/json', 'user-agent: bench/1.0'];
  const head = [...lines, `content-length: ${body.length}`, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head), body]).toString('base64');
}

/** What a browser opens a WebSocket with, as base64. */
export function handshakeRequest({ host, path }: { readonly host: string; readonly path: string }): string {
  const lines = [`GET ${path} HTTP/1.1`, `host: ${host}`, 'upgrade: websocket', 'connection: Upgrade'];
  const socket = ['sec-websocket-version: 13', 'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA=='];
  return Buffer.from([...lines, ...socket, '', ''].join('\r\n')).toString('base64');
}

interface Content {
  readonly service: string;
  readonly path: string;
  readonly headers: Headers;
  readonly content: unknown;
}

function signedRequest({ host, port }: Endpoint, { service, path, headers: given, content }: Content): string {
  const url = new URL(`http://${host}:${port}${path}`);
  const body = Buffer.from(JSON.stringify(content));
  const request = { method: 'POST', url, headers: { ...given }, body };
  const headers = signed(request, credentials, { service, region, now: Date.now() });
  const head = Object.entries({ ...headers, 'content-length': String(body.length) }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return Buffer.concat([Buffer.from(`POST ${url.pathname} HTTP/1.1\r\n${head.join('')}\r\n`), body]).toString('base64');
}
