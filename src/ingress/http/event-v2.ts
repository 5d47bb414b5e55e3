/** Payload format 2.0, of HTTP APIs and function URLs (reference: lambda-semantics 6.7, 6.11). */
import { eventBody } from './event-body.ts';
import { eventTime } from './event-time.ts';
import { forwardedHeaders } from './forwarded.ts';
import { byName, type HttpCall, headerOf, queryPairs } from './http-call.ts';

export type Texts = Readonly<Record<string, string>>;

/** Where a request has arrived, and what was found out on its way. */
export interface EventPlace {
  readonly accountId: string;
  readonly apiId: string;
  /** As the caller named it, with its port: a link that a function makes of it works. */
  readonly domainName: string;
  readonly stage: string;
  /** `$default` of a function URL. */
  readonly routeKey: string;
  /** As the function sees it, with the stage where that has one. */
  readonly path: string;
  readonly requestId: string;
  readonly now: number;
  /** For the header `x-amzn-trace-id`. */
  readonly trace: string;
  readonly pathParameters?: Texts | undefined;
  readonly stageVariables?: Texts | undefined;
  readonly authorizer?: Authorised | undefined;
}

/** What an authorizer has found, as each kind shows it. */
export type Authorised =
  | { readonly jwt: { readonly claims: Readonly<Record<string, string>>; readonly scopes: readonly string[] | null } }
  | { readonly lambda: Readonly<Record<string, unknown>>; readonly principalId?: string | undefined }
  | { readonly iam: Readonly<Record<string, unknown>> };

export function eventV2(call: HttpCall, place: EventPlace): object {
  const query = byName(queryPairs(call.query));
  return {
    version: '2.0',
    routeKey: place.routeKey,
    rawPath: place.path,
    rawQueryString: call.query,
    cookies: cookiesOf(call),
    headers: plainHeaders(call, place.trace),
    queryStringParameters: query.size === 0 ? undefined : joined(query),
    requestContext: requestContext(call, place),
    pathParameters: nonEmpty(place.pathParameters),
    stageVariables: nonEmpty(place.stageVariables),
    ...eventBody(call),
  };
}

function requestContext(call: HttpCall, place: EventPlace): object {
  const { accountId, apiId, domainName, path, requestId, routeKey, stage, now } = place;
  return {
    accountId,
    apiId,
    authorizer: shownAuthorizer(place.authorizer),
    domainName,
    domainPrefix: apiId,
    http: {
      method: call.method,
      path,
      protocol: call.protocol,
      sourceIp: call.sourceIp,
      userAgent: headerOf(call, 'user-agent') ?? '',
    },
    requestId,
    routeKey,
    stage,
    time: eventTime(now),
    timeEpoch: now,
  };
}

function shownAuthorizer(authorizer: Authorised | undefined): object | undefined {
  return authorizer !== undefined && 'lambda' in authorizer ? { lambda: authorizer.lambda } : authorizer;
}

/** Each cookie by itself, out of the headers. */
function cookiesOf({ headers }: HttpCall): string[] | undefined {
  const cookies = headers
    .filter(([name]) => name.toLowerCase() === 'cookie')
    .flatMap(([, value]) => value.split(';').map((each) => each.trim()))
    .filter((each) => each !== '');
  return cookies.length === 0 ? undefined : cookies;
}

function plainHeaders(call: HttpCall, trace: string): Record<string, string> {
  const pairs = forwardedHeaders(call, trace).map(([name, value]) => [name.toLowerCase(), value] as const);
  return joined(byName(pairs.filter(([name]) => name !== 'cookie')));
}

export function joined(all: ReadonlyMap<string, readonly string[]>): Record<string, string> {
  return Object.fromEntries([...all].map(([name, values]) => [name, values.join(',')]));
}

function nonEmpty(texts: Texts | undefined): Texts | undefined {
  return texts !== undefined && Object.keys(texts).length > 0 ? texts : undefined;
}
