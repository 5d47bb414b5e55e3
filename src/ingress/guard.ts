import type { IncomingHttpHeaders } from 'node:http';

/**
 * In the open mode whoever can send a request is believed, and every web page a person visits can make their browser
 * send one to 127.0.0.1. Two things give it away: a name that only a foreign name server made point here (DNS rebinding),
 * and what browsers say of where a request comes from. Returns what is wrong, or undefined.
 */
export function foreign(headers: IncomingHttpHeaders, allowedHosts: readonly string[]): string | undefined {
  // HTTP/2 says `:authority`, and may say `host` as well.
  for (const said of [headers.host, headers[':authority']]) {
    const host = typeof said === 'string' ? hostName(said) : undefined;
    if (host !== undefined && !ours(host, allowedHosts)) return `the Host header names ${JSON.stringify(host)}`;
  }
  if (headers['sec-fetch-site'] === 'cross-site') return 'a page of another site sent it';
  const { origin } = headers;
  if (origin !== undefined && !ours(originName(origin), allowedHosts)) return `it comes from ${JSON.stringify(origin)}`;
  return undefined;
}

/** Without its port; an IPv6 address without its brackets. */
function hostName(host: string | undefined): string | undefined {
  if (host === undefined) return undefined;
  return (/^\[([^\]]*)\](?::\d+)?$/.exec(host)?.[1] ?? host.replace(/:\d+$/, '')).toLowerCase();
}

function originName(origin: string): string {
  return hostName(/^https?:\/\/([^/]+)$/i.exec(origin)?.[1]) ?? origin;
}

function ours(name: string, allowedHosts: readonly string[]): boolean {
  return (
    name === 'localhost' ||
    name === '::1' ||
    name.endsWith('.localhost') ||
    /^127(\.\d{1,3}){3}$/.test(name) ||
    allowedHosts.includes(name)
  );
}
