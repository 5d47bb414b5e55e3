/** What a request says of its signature: in the Authorization header, or in the query of a presigned URL. */
import { parseQuery } from '../codec/uri.ts';

export interface Scope {
  /** `20150830` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

export interface Signature {
  /** 2 only for presigned S3 links, which boto3 still makes that way. */
  readonly version: 4 | 2;
  readonly place: 'header' | 'query';
  readonly accessKeyId: string;
  readonly scope: Scope;
  /** `host;x-amz-date` */
  readonly signedHeaders: string;
  readonly signature: string;
  /** `20150830T123600Z`; version 2 has none. */
  readonly timestamp: string;
  /** Of a presigned URL: seconds after `timestamp` (version 4), or since the epoch (version 2). */
  readonly expires: number | undefined;
  readonly sessionToken: string | undefined;
}

export type Headers = Readonly<Record<string, string | undefined>>;

/** `malformed` when the request tries to be signed and fails at it. */
export function readSignature(headers: Headers, query: string): Signature | 'malformed' | 'asymmetric' | undefined {
  const { authorization } = headers;
  if (authorization !== undefined) return fromHeader(authorization, headers);
  if (query.includes('X-Amz-Signature=') || query.includes('X-Amz-Credential=')) return fromQuery(query);
  if (query.includes('AWSAccessKeyId=')) return fromOldQuery(query);
  return undefined;
}

const algorithm = 'AWS4-HMAC-SHA256';

function fromHeader(authorization: string, headers: Headers): Signature | 'malformed' | 'asymmetric' {
  if (authorization.startsWith('AWS4-ECDSA-P256-SHA256')) return 'asymmetric';
  if (!authorization.startsWith(algorithm)) return 'malformed';
  const credential = readCredential(field(authorization, 'Credential='));
  const signedHeaders = field(authorization, 'SignedHeaders=');
  const signature = field(authorization, 'Signature=');
  const timestamp = headers['x-amz-date'] ?? compactDate(headers.date);
  if (credential === undefined || signedHeaders === '' || signature === '' || timestamp === undefined)
    return 'malformed';
  return {
    version: 4,
    place: 'header',
    ...credential,
    signedHeaders,
    signature,
    timestamp,
    expires: undefined,
    sessionToken: headers['x-amz-security-token'],
  };
}

/** The value between `name` and the next comma or space. */
function field(authorization: string, name: string): string {
  const at = authorization.indexOf(name);
  if (at === -1) return '';
  const from = at + name.length;
  return authorization.slice(from, Math.min(endOf(authorization, ',', from), endOf(authorization, ' ', from)));
}

function endOf(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at === -1 ? text.length : at;
}

interface Credential {
  readonly accessKeyId: string;
  readonly scope: Scope;
}

/** A client signs a whole day's requests for a service with one credential: the last one is kept taken apart. */
let last: { readonly text: string; readonly credential: Credential | undefined } = { text: '', credential: undefined };

function readCredential(text: string): Credential | undefined {
  if (text !== last.text) last = { text, credential: takenApart(text) };
  return last.credential;
}

function takenApart(text: string): Credential | undefined {
  const [accessKeyId = '', date = '', region = '', service = '', end, ...more] = text.split('/');
  if (end !== 'aws4_request' || more.length > 0 || accessKeyId === '' || service === '') return undefined;
  return { accessKeyId, scope: { date, region, service } };
}

function compactDate(date: string | undefined): string | undefined {
  const ms = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');
}

function fromQuery(query: string): Signature | 'malformed' | 'asymmetric' {
  const params = new Map(parseQuery(query));
  const said = params.get('X-Amz-Algorithm');
  if (said === 'AWS4-ECDSA-P256-SHA256') return 'asymmetric';
  const credential = readCredential(params.get('X-Amz-Credential') ?? '');
  const timestamp = params.get('X-Amz-Date');
  const signature = params.get('X-Amz-Signature');
  const signedHeaders = params.get('X-Amz-SignedHeaders');
  const expires = params.get('X-Amz-Expires') ?? '';
  if (said !== algorithm || credential === undefined || timestamp === undefined || !signature || !signedHeaders)
    return 'malformed';
  if (!/^[0-9]{1,6}$/.test(expires) || Number(expires) > 604_800) return 'malformed';
  return {
    version: 4,
    place: 'query',
    ...credential,
    signedHeaders,
    signature,
    timestamp,
    expires: Number(expires),
    sessionToken: params.get('X-Amz-Security-Token'),
  };
}

function fromOldQuery(query: string): Signature | 'malformed' {
  const params = new Map(parseQuery(query));
  const accessKeyId = params.get('AWSAccessKeyId');
  const signature = params.get('Signature');
  const expires = Number(params.get('Expires') ?? Number.NaN);
  if (!accessKeyId || !signature || !Number.isInteger(expires)) return 'malformed';
  return {
    version: 2,
    place: 'query',
    accessKeyId,
    scope: { date: '', region: '', service: 's3' },
    signedHeaders: '',
    signature,
    timestamp: '',
    expires,
    sessionToken: params.get('x-amz-security-token'),
  };
}
