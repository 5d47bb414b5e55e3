/** Which pages may read what a function's URL answers: what browsers ask before, and what they are told. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Cors } from '@aws-sdk/client-lambda';

/** Answered without the function. */
export function isPreflight(method: string, headers: IncomingHttpHeaders): boolean {
  return method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
}

/** Flat, name and value; none for a page that may not. */
export function preflightHeaders(cors: Cors, headers: IncomingHttpHeaders): string[] {
  const allowed = originHeaders(cors, headers.origin);
  if (allowed.length === 0) return [];
  const method = String(headers['access-control-request-method'] ?? '');
  const asked = String(headers['access-control-request-headers'] ?? '');
  return [
    ...allowed,
    ...listed('access-control-allow-methods', cors.AllowMethods, cors.AllowCredentials ? method : '*'),
    ...listed('access-control-allow-headers', cors.AllowHeaders, cors.AllowCredentials ? asked : '*'),
    ...(cors.MaxAge === undefined ? [] : ['access-control-max-age', String(cors.MaxAge)]),
  ];
}

/** What a configured URL adds to each answer. */
function corsHeaders(cors: Cors, headers: IncomingHttpHeaders): string[] {
  const allowed = originHeaders(cors, headers.origin);
  if (allowed.length === 0) return [];
  return [...allowed, ...listed('access-control-expose-headers', cors.ExposeHeaders, '*')];
}

/** What is configured counts, and not what the function says as well: two of a header would be none to a browser. */
export function withCors(headers: readonly string[], cors: Cors | undefined, asked: IncomingHttpHeaders): string[] {
  if (cors === undefined) return [...headers];
  const kept: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    const [name = '', value = ''] = headers.slice(at, at + 2);
    if (!name.startsWith('access-control-')) kept.push(name, value);
  }
  return [...kept, ...corsHeaders(cors, asked)];
}

function originHeaders({ AllowOrigins = [], AllowCredentials }: Cors, origin: string | undefined): string[] {
  if (origin === undefined) return [];
  const any = AllowOrigins.includes('*');
  if (!any && !AllowOrigins.some((allowed) => allowed.toLowerCase() === origin.toLowerCase())) return [];
  if (any && !AllowCredentials) return ['access-control-allow-origin', '*'];
  const credentials = AllowCredentials ? ['access-control-allow-credentials', 'true'] : [];
  return ['access-control-allow-origin', origin, 'vary', 'Origin', ...credentials];
}

/** With credentials a star means itself, so that `any` is what was asked for. */
function listed(name: string, values: readonly string[] | undefined, any: string): string[] {
  if (values === undefined || values.length === 0) return [];
  const text = values.includes('*') ? any : values.join(',');
  return text === '' ? [] : [name, text];
}
