/** A request to a function URL or an HTTP API, read whole: what events are made of. */
import { bodyBytesMax, type Incoming, readBody } from '../body.ts';
import { schemeOf } from '../tls/door.ts';

export interface HttpCall {
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  /** In order, names as they were sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  readonly protocol: string;
  readonly sourceIp: string;
  /** The port of this server that was called. */
  readonly port: number;
  readonly scheme: 'http' | 'https';
}

/** What is known before the body is there. */
export function callHead(request: Incoming): Omit<HttpCall, 'body'> {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const { socket, httpVersion, method = 'GET' } = request;
  return {
    method,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: headerPairs(request.rawHeaders),
    protocol: `HTTP/${httpVersion}`,
    // Of a socket that is gone there is no address; nobody will hear the answer.
    sourceIp: socket?.remoteAddress?.replace(/^::ffff:/, '') ?? '127.0.0.1',
    port: socket?.localPort ?? 80,
    scheme: schemeOf(request),
  };
}

/** HTTP/2 says `:authority` for host, and its other names with a colon are no headers. */
function headerPairs(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? '';
    const value = raw[at + 1] ?? '';
    if (name === ':authority') pairs.push(['host', value]);
    else if (!name.startsWith(':')) pairs.push([name, value]);
  }
  return pairs;
}

/** Never resolves for a client that goes away before its body has come. */
export function callBody(request: Incoming, bytesMax = bodyBytesMax): Promise<Buffer | 'too-large'> {
  return new Promise((resolve) => {
    readBody(request, { bytesMax, taken: resolve, tooLarge: () => resolve('too-large') });
  });
}

/** All values of a header, joined as AWS joins them. */
export function headerOf({ headers }: Pick<HttpCall, 'headers'>, name: string): string | undefined {
  const values = headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(',');
}

/** Decoded; what is no encoding stays as it is, for a function to make of it what it can. */
export function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Pairs of a query, decoded, in order. */
export function queryPairs(query: string): [name: string, value: string][] {
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      const [name, value] = equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
      return [decoded(name.replaceAll('+', ' ')), decoded(value.replaceAll('+', ' '))];
    });
}

/** The values of each name, in the order of the first of each. */
export function byName(pairs: readonly (readonly [string, string])[]): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const values = all.get(name);
    if (values === undefined) all.set(name, [value]);
    else values.push(value);
  }
  return all;
}

/** The last value of each name: where AWS shows one, it shows this. */
export function lasts(all: ReadonlyMap<string, readonly string[]>): Record<string, string> {
  return Object.fromEntries([...all].map(([name, values]) => [name, values.at(-1) ?? '']));
}
