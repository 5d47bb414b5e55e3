/** Which pages of other origins a bucket answers to: its rules, and the headers that tell a browser so. */
import type { CORSRule } from '@aws-sdk/client-s3';
import { checkHeaderText, invalidRequest, malformedXml } from './errors.ts';

export const corsRulesMax = 100;
const methods = ['GET', 'PUT', 'HEAD', 'POST', 'DELETE'];

export function checkCors(rules: readonly CORSRule[]): void {
  if (rules.length === 0 || rules.length > corsRulesMax) throw malformedXml();
  for (const { AllowedMethods = [], AllowedOrigins = [], AllowedHeaders = [], ExposeHeaders = [] } of rules) {
    if (AllowedMethods.length === 0 || AllowedOrigins.length === 0) throw malformedXml();
    const method = AllowedMethods.find((one) => !methods.includes(one));
    if (method !== undefined) {
      throw invalidRequest(`Found unsupported HTTP method in CORS config. Unsupported method is ${method}`);
    }
    for (const text of [...AllowedOrigins, ...AllowedHeaders, ...ExposeHeaders]) checkHeaderText('CORSRule', text);
    checkWildcards('AllowedOrigin', AllowedOrigins);
    checkWildcards('AllowedHeader', AllowedHeaders);
  }
}

function checkWildcards(what: string, patterns: readonly string[]): void {
  const wild = patterns.find((pattern) => pattern.split('*').length > 2);
  if (wild !== undefined) throw invalidRequest(`${what} "${wild}" can not have more than one wildcard.`);
}

export interface CorsRequest {
  readonly origin: string;
  readonly method: string;
  /** Of a preflight: what the page wants to send. */
  readonly headers?: readonly string[];
}

export interface CorsMatch {
  readonly rule: CORSRule;
  /** The pattern that the origin fits. */
  readonly origin: string;
}

/** The first rule that allows all of it. */
export function matchingRule(rules: readonly CORSRule[], { origin, method, headers = [] }: CorsRequest) {
  for (const rule of rules) {
    const { AllowedOrigins = [], AllowedMethods = [], AllowedHeaders = [] } = rule;
    const fitting = AllowedOrigins.find((pattern) => fits(pattern, origin));
    if (fitting === undefined || !AllowedMethods.includes(method)) continue;
    const allowed = headers.every((name) => AllowedHeaders.some((one) => fits(one.toLowerCase(), name.toLowerCase())));
    if (allowed) return { rule, origin: fitting } satisfies CorsMatch;
  }
  return undefined;
}

/** One `*` at most, for any text. */
export function fits(pattern: string, text: string): boolean {
  const star = pattern.indexOf('*');
  if (star === -1) return pattern === text;
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after);
}

/** A preflight is told its methods and headers, too. */
export function corsHeaders({ rule, origin: pattern }: CorsMatch, { origin, headers }: CorsRequest) {
  const { AllowedMethods = [], ExposeHeaders = [], MaxAgeSeconds } = rule;
  const told: Record<string, string> = {
    'access-control-allow-origin': pattern === '*' ? '*' : origin,
    'access-control-allow-methods': AllowedMethods.join(', '),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
  if (pattern !== '*') told['access-control-allow-credentials'] = 'true';
  if (headers !== undefined && headers.length > 0) told['access-control-allow-headers'] = headers.join(', ');
  if (ExposeHeaders.length > 0) told['access-control-expose-headers'] = ExposeHeaders.join(', ');
  if (MaxAgeSeconds !== undefined) told['access-control-max-age'] = String(MaxAgeSeconds);
  return told;
}
