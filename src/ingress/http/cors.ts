/** Cross-origin requests that a configuration answers for a function (reference: lambda-semantics 6.11). */
import { type HttpAnswer, statusAnswer } from './answer.ts';
import { type HttpCall, headerOf } from './http-call.ts';

/** Function URLs and HTTP APIs say the same. */
export interface CorsRules {
  readonly AllowCredentials?: boolean | undefined;
  readonly AllowHeaders?: readonly string[] | undefined;
  readonly AllowMethods?: readonly string[] | undefined;
  readonly AllowOrigins?: readonly string[] | undefined;
  readonly ExposeHeaders?: readonly string[] | undefined;
  readonly MaxAge?: number | undefined;
}

type Head = Pick<HttpCall, 'method' | 'headers'>;

/** A browser's question before its request, which reaches no function. */
export function preflightAnswer(cors: CorsRules, call: Head): HttpAnswer | undefined {
  if (call.method !== 'OPTIONS' || headerOf(call, 'origin') === undefined) return undefined;
  if (headerOf(call, 'access-control-request-method') === undefined) return undefined;
  const origin = allowedOrigin(cors, call);
  if (origin === undefined) return statusAnswer(204);
  const { AllowMethods = [], AllowHeaders = [], MaxAge } = cors;
  const headers: [string, string][] = [...common(cors, origin)];
  if (AllowMethods.length > 0) headers.push(['access-control-allow-methods', AllowMethods.join(',')]);
  if (AllowHeaders.length > 0) headers.push(['access-control-allow-headers', AllowHeaders.join(',').toLowerCase()]);
  if (MaxAge !== undefined) headers.push(['access-control-max-age', String(MaxAge)]);
  return statusAnswer(204, headers);
}

/** The configuration has the only word: what the function said of it is left out. */
export function withCors(cors: CorsRules, call: Head, answer: HttpAnswer): HttpAnswer {
  const own = answer.headers.filter(([name]) => !/^access-control-/i.test(name));
  const origin = allowedOrigin(cors, call);
  if (origin === undefined) return { ...answer, headers: own };
  const { ExposeHeaders = [] } = cors;
  const exposed: [string, string][] =
    ExposeHeaders.length === 0 ? [] : [['access-control-expose-headers', ExposeHeaders.join(',').toLowerCase()]];
  return { ...answer, headers: [...own, ...common(cors, origin), ...exposed] };
}

function common({ AllowCredentials }: CorsRules, origin: string): [string, string][] {
  const headers: [string, string][] = [['access-control-allow-origin', origin]];
  if (origin !== '*') headers.push(['vary', 'Origin']);
  if (AllowCredentials) headers.push(['access-control-allow-credentials', 'true']);
  return headers;
}

function allowedOrigin({ AllowOrigins = [], AllowCredentials }: CorsRules, call: Head): string | undefined {
  const origin = headerOf(call, 'origin');
  if (origin === undefined) return undefined;
  if (AllowOrigins.includes('*')) return AllowCredentials ? origin : '*';
  const named = AllowOrigins.some((each) => each.toLowerCase() === origin.toLowerCase() || matchesScheme(each, origin));
  return named ? origin : undefined;
}

/** `https://*` takes every origin of that scheme. */
function matchesScheme(allowed: string, origin: string): boolean {
  return allowed.endsWith('://*') && origin.toLowerCase().startsWith(allowed.slice(0, -1).toLowerCase());
}
