/** An HTTP request as a function sees it: payload format 2.0 (reference: lambda-semantics 6.7 and 6.11). */
import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import type { Principal } from '../../aws/operation.ts';

export interface UrlEventInput {
  readonly id: string;
  readonly region: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly protocol: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly port: number;
  readonly requestId: string;
  readonly traceHeader: string;
  /** Of AWS_IAM; absent where nobody was asked who they are. */
  readonly principal?: Principal;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function urlEvent(input: UrlEventInput): Buffer {
  const { id, region, method, path, query, protocol, body, sourceIp, requestId, principal, now } = input;
  const { headers, cookies } = headersOf(input);
  const base64 = body.length > 0 && !isText(input.headers, body);
  const event = {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    cookies,
    headers,
    queryStringParameters: parametersOf(query),
    requestContext: {
      accountId: principal?.accountId ?? 'anonymous',
      apiId: id,
      authentication: principal === undefined ? undefined : null,
      authorizer: principal === undefined ? undefined : { iam: identityOf(principal) },
      domainName: domainOf(headers.host) ?? `${id}.lambda-url.${region}.localhost`,
      domainPrefix: id,
      http: { method, path, protocol, sourceIp, userAgent: headers['user-agent'] },
      requestId,
      routeKey: '$default',
      stage: '$default',
      time: logTime(now),
      timeEpoch: now,
    },
    body: body.length === 0 ? undefined : body.toString(base64 ? 'base64' : 'utf8'),
    isBase64Encoded: base64,
  };
  return Buffer.from(JSON.stringify(event));
}

/** In lower case, those sent more than once joined by commas; cookies stand by themselves. */
function headersOf({ headers: given, sourceIp, port, traceHeader }: UrlEventInput) {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || name === 'cookie' || name.startsWith(':') || hopByHop.has(name)) continue;
    headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  headers.host ??= String(given[':authority'] ?? '');
  headers['x-amzn-trace-id'] = traceHeader;
  headers['x-forwarded-for'] = given['x-forwarded-for'] ? `${headers['x-forwarded-for']}, ${sourceIp}` : sourceIp;
  headers['x-forwarded-port'] = String(port);
  headers['x-forwarded-proto'] = 'http';
  const cookies = given.cookie?.split(/;\s*/).filter((cookie) => cookie !== '');
  return { headers, cookies: cookies?.length ? cookies : undefined };
}

/** Meant for the next server, not for the function. */
export const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

function parametersOf(query: string): Record<string, string> | undefined {
  if (query === '') return undefined;
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const before = parameters.get(name);
    parameters.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(parameters);
}

const textTypes = /^(text\/|application\/(json|javascript|xml)$|[^;]*\+(json|xml)$)/i;

/** What says that it is something else, or packed, or is no UTF-8 whatever it says, travels in base64. */
function isText(headers: IncomingHttpHeaders, body: Buffer): boolean {
  if (headers['content-encoding'] !== undefined) return false;
  const type = (headers['content-type'] ?? 'text/plain').split(';', 1)[0]?.trim() ?? '';
  return textTypes.test(type) && isUtf8(body);
}

function identityOf({ accessKeyId = '', accountId, arn }: Principal) {
  const callerId = arn.slice(arn.lastIndexOf('/') + 1);
  return {
    accessKey: accessKeyId,
    accountId,
    callerId,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: arn,
    userId: callerId,
  };
}

function domainOf(host: string | undefined): string | undefined {
  return host?.includes('.lambda-url.') ? host.replace(/:\d+$/, '') : undefined;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12/Mar/2020:19:03:58 +0000`. */
function logTime(now: number): string {
  const date = new Date(now);
  const [day, time] = date.toISOString().split('T');
  return `${day?.slice(8)}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}:${time?.slice(0, 8)} +0000`;
}
