/** Which API a request is for: by the name of its host, or by a path for those who cannot resolve such names. */
import type { IncomingHttpHeaders } from 'node:http';
import { decoded } from '../http/http-call.ts';

export const apiPaths = '/_lambent/apis/';

export interface ApiAddress {
  readonly apiId: string;
  /** As sent, from its slash, with the stage where that is in it. */
  readonly path: string;
  /** Of the path that says it; of a host it stands in `path`, or nowhere. */
  readonly stageName: string | undefined;
}

const hostPattern = /^([a-z0-9]{10})\.execute-api\.[a-z0-9-]+\.([a-z0-9.-]+?)(?::\d+)?$/;

/** The API that a host is the name of, and what the host is under. */
export function apiOfHost(host: string | undefined): { apiId: string; under: string } | undefined {
  // Asked of every request to this server, nearly none of which is for an API.
  if (host?.indexOf('.execute-api.') !== 10) return undefined;
  const [, apiId, under] = hostPattern.exec(host.toLowerCase()) ?? [];
  return apiId === undefined || under === undefined ? undefined : { apiId, under };
}

/** Of a request as it came. */
export function askedAddress(headers: IncomingHttpHeaders, url: string): ApiAddress | undefined {
  return apiAddress(hostOf(headers), url.replace(/\?.*$/s, ''));
}

/** HTTP/2 says `:authority` for host. */
export function hostOf(headers: IncomingHttpHeaders): string | undefined {
  return headers[':authority']?.toString() ?? headers.host;
}

/** `path` is as sent, without the query. */
export function apiAddress(host: string | undefined, path: string): ApiAddress | undefined {
  if (path.startsWith(apiPaths)) {
    const [, apiId = '', stage = '', rest = '/'] = /^([^/]*)\/?([^/]*)(\/.*)?$/.exec(path.slice(apiPaths.length)) ?? [];
    return { apiId, stageName: decoded(stage), path: rest };
  }
  const named = apiOfHost(host);
  // `OPTIONS *`, and what a client asks of a proxy, are no paths: joined to a URL they would name another host.
  return named && { apiId: named.apiId, stageName: undefined, path: path.startsWith('/') ? path : '/' };
}

/** The path's first part, and what comes after it. */
export function stagePart(path: string): { readonly first: string; readonly rest: string } {
  const slash = path.indexOf('/', 1);
  return slash < 0
    ? { first: decoded(path.slice(1)), rest: '/' }
    : { first: decoded(path.slice(1, slash)), rest: path.slice(slash) };
}
