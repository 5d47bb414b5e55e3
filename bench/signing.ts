/**
 * Requests as bytes, signed once and sent many times: a signature holds for five minutes, and signing each would
 * measure the load client. The server verifies every one of them all the same.
 */
import { signed } from '../src/aws/sigv4/sign.ts';
import type { Endpoint } from './targets/target.ts';

export const region = 'us-east-1';
export const credentials = { accessKeyId: 'AKIABENCHBENCHBENCH0', secretAccessKey: 'bench' };

/** An Invoke of the function, as base64. */
export function invokeRequest({ host, port, path }: Endpoint, functionName: string, event: unknown): string {
  const url = new URL(`http://${host}:${port}${path(functionName)}`);
  const body = Buffer.from(JSON.stringify(event));
  const request = { method: 'POST', url, headers: { 'content-type': 'application/json' }, body };
  const headers = signed(request, credentials, { service: 'lambda', region, now: Date.now() });
  const head = Object.entries({ ...headers, 'content-length': String(body.length) }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return Buffer.concat([Buffer.from(`POST ${url.pathname} HTTP/1.1\r\n${head.join('')}\r\n`), body]).toString('base64');
}
