/** Signature version 2 of presigned S3 links (boto3 makes them by default still). */
import { createHmac } from 'node:crypto';
import { decodePart, parseQuery } from '../codec/uri.ts';
import type { Headers, Signature } from './signature.ts';

/** Query parameters that name a sub-resource or override the response are signed; others are not. */
const signedParams = new Set(
  (
    'acl accelerate analytics cors delete inventory lifecycle location logging metrics notification partNumber policy ' +
    'policyStatus publicAccessBlock replication requestPayment restore select select-type tagging torrent uploadId ' +
    'uploads versionId versioning versions website legal-hold object-lock retention encryption intelligent-tiering ' +
    'ownershipControls response-cache-control response-content-disposition response-content-encoding ' +
    'response-content-language response-content-type response-expires'
  ).split(' '),
);

interface OldRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Headers;
}

export function oldSignatureOf(secret: string, { expires }: Signature, request: OldRequest): string {
  const { method, headers } = request;
  const lines = [method, headers['content-md5'] ?? '', headers['content-type'] ?? '', String(expires)];
  const text = `${lines.join('\n')}\n${amzHeaders(request)}${resource(request)}`;
  return createHmac('sha1', secret).update(text).digest('base64');
}

/** A header of the query counts as one of the request. */
function amzHeaders({ headers, query }: OldRequest): string {
  const all = [
    ...Object.entries(headers),
    ...parseQuery(query).map(([name, value]) => [name.toLowerCase(), value] as const),
  ];
  return all
    .filter(([name, value]) => name.startsWith('x-amz-') && value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`)
    .join('');
}

function resource({ path, query }: OldRequest): string {
  const params = parseQuery(query).filter(([name]) => signedParams.has(name));
  params.sort(([a], [b]) => (a < b ? -1 : 1));
  const text = params.map(([name, value]) => (value === '' ? name : `${name}=${value}`)).join('&');
  return text === '' ? path : `${path}?${decodePart(text)}`;
}
