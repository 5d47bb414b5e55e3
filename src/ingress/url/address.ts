/** Which requests are meant for a function's URL: by their host, or by a path where a name cannot be resolved. */
import type { IncomingHttpHeaders } from 'node:http';

export interface UrlRequest {
  readonly id: string;
  /** As it was sent, without what only says whose it is. */
  readonly path: string;
  /** Without its question mark. */
  readonly query: string;
  /** `path` shares its origin with the AWS API. */
  readonly by: 'host' | 'path';
}

const host = /^([a-z0-9]{32})\.lambda-url\.[a-z0-9-]+\./;
const pathPrefix = '/_lambent/url/';
const afterPrefix = /^([a-z0-9]{32})(\/.*)?$/;

/** Undefined for everything else; most requests are, so that this is quick to say. */
export function urlRequest(headers: IncomingHttpHeaders, url: string): UrlRequest | undefined {
  const name = headers.host ?? headers[':authority'];
  if (typeof name === 'string' && name.includes('.lambda-url.')) {
    const id = host.exec(name.toLowerCase())?.[1];
    if (id !== undefined) return { id, by: 'host', ...parts(url) };
  }
  if (!url.startsWith(pathPrefix)) return undefined;
  const { path, query } = parts(url);
  const [, id, rest = '/'] = afterPrefix.exec(path.slice(pathPrefix.length)) ?? [];
  return id === undefined ? undefined : { id, by: 'path', path: rest, query };
}

function parts(url: string): { path: string; query: string } {
  const mark = url.indexOf('?');
  return mark < 0 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}
