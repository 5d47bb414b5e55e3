/** The text that version 4 signs (AWS General Reference, "Create a canonical request"). */
import { decodePart, parseQuery } from '../codec/uri.ts';
import type { Headers } from './signature.ts';

export interface Signed {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Headers;
  readonly signedHeaders: string;
  /** Hexadecimal SHA-256, or one of S3's words for a body that is not hashed. */
  readonly payloadHash: string;
  /** S3 encodes the path once and leaves it as it is; every other service normalises and encodes it again. */
  readonly s3: boolean;
}

export function canonicalRequest(signed: Signed): string {
  const { method, query, headers, signedHeaders, payloadHash } = signed;
  let text = `${method}\n${canonicalPath(signed)}\n${query === '' ? '' : canonicalQuery(query)}\n`;
  for (const name of signedHeaders.split(';')) text += `${name}:${canonicalValue(headers[name])}\n`;
  return `${text}\n${signedHeaders}\n${payloadHash}`;
}

const plainPath = /^[A-Za-z0-9\-._~/]*$/;

function canonicalPath({ path, s3 }: Signed): string {
  const plain = plainPath.test(path);
  if (s3)
    return plain
      ? path
      : path
          .split('/')
          .map((part) => encodePart(decodePart(part)))
          .join('/');
  const normal = path.includes('//') || path.includes('/.') ? normalised(path) : path;
  return plain ? normal : normal.split('/').map(encodePart).join('/');
}

function normalised(path: string): string {
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') kept.pop();
    else if (part !== '.' && part !== '') kept.push(part);
  }
  const slash = path.endsWith('/') && kept.length > 0 ? '/' : '';
  return `/${kept.join('/')}${slash}`;
}

/** Sorted by key and then by value: sorting `k=v` as one string puts `select-type` before `select`. */
export function canonicalQuery(query: string): string {
  const pairs: [string, string][] = [];
  for (const [name, value] of parseQuery(query)) {
    if (name !== 'X-Amz-Signature') pairs.push([encodePart(name), encodePart(value)]);
  }
  pairs.sort(([a, x], [b, y]) => (a === b ? order(x, y) : order(a, b)));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function canonicalValue(value: string | undefined): string {
  if (value === undefined) return '';
  const trimmed = value.trim();
  return trimmed.includes('  ') ? trimmed.replace(/ +/g, ' ') : trimmed;
}

/** RFC 3986: everything but unreserved characters, also the five that encodeURIComponent leaves. */
export function encodePart(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
