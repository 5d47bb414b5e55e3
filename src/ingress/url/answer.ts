/** What a function answers, as an HTTP response (reference: lambda-semantics 6.11). */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { WireResponse } from '../../aws/wire.ts';
import { hopByHop } from './event.ts';

/** Head and body, or undefined when it can be none: the client is then told 502. */
export function answerOf(payload: Buffer): WireResponse | undefined {
  let result: unknown;
  try {
    result = JSON.parse(payload.toString());
  } catch {
    return undefined;
  }
  if (!isObject(result) || !Object.hasOwn(result, 'statusCode')) return inferred(result, payload);
  const head = headOf(result);
  const body = head && bodyOf(result);
  return body && { ...head, body };
}

/** Without a status code the answer itself is the body; a text without its quotes. */
function inferred(result: unknown, payload: Buffer): WireResponse {
  const body = typeof result === 'string' ? Buffer.from(result) : payload;
  return { status: 200, headers: ['content-type', 'application/json'], body };
}

export interface Head {
  readonly status: number;
  /** Name, value, name, value. */
  readonly headers: string[];
}

/** Of an answer with a status code, or of the prelude of a streamed one; undefined when HTTP cannot carry it. */
export function headOf(result: Readonly<Record<string, unknown>>, contentType = 'application/json'): Head | undefined {
  const status = Number(result.statusCode ?? 200);
  if (!Number.isInteger(status) || status < 200 || status > 599) return undefined;
  const headers: string[] = [];
  const given = result.headers ?? {};
  const cookies = result.cookies ?? [];
  if (!isObject(given) || !Array.isArray(cookies)) return undefined;
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined || setByUs(name)) continue;
    headers.push(name.toLowerCase(), String(value));
  }
  for (const cookie of cookies) headers.push('set-cookie', String(cookie));
  if (!headers.some((text, index) => index % 2 === 0 && text === 'content-type'))
    headers.push('content-type', contentType);
  return isValid(headers) ? { status, headers } : undefined;
}

function bodyOf({ body, isBase64Encoded }: Readonly<Record<string, unknown>>): Buffer | undefined {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body !== 'string') return isBase64Encoded === true ? undefined : Buffer.from(JSON.stringify(body));
  return Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8');
}

function setByUs(name: string): boolean {
  const lower = name.toLowerCase();
  return lower === 'content-length' || hopByHop.has(lower);
}

/** A line break in a value would be a header of its own. */
function isValid(headers: readonly string[]): boolean {
  try {
    for (let at = 0; at < headers.length; at += 2) {
      const [name = '', value = ''] = headers.slice(at, at + 2);
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
    return true;
  } catch {
    return false;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
