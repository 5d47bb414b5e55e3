import type { IncomingHttpHeaders } from 'node:http';

export interface Suspect {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Trust {
  readonly allowedHosts: readonly string[];
  /** Whether somebody configured that pages of this origin may send this. */
  namedOrigin?(request: Suspect): boolean;
}

/**
 * In the open mode whoever can send a request is believed, and every web page a person visits can make their browser
 * send one to 127.0.0.1. Two things give it away: a name that only a foreign name server made point here (DNS rebinding),
 * and what browsers say of where a request comes from. Returns what is wrong, or undefined.
 */
export function foreign(request: Suspect, trust: Trust): string | undefined {
  const { headers } = request;
  // HTTP/2 says `:authority`, and may say `host` as well.
  for (const said of [headers.host, headers[':authority']]) {
    const host = typeof said === 'string' ? hostName(said) : undefined;
    if (host !== undefined && !ours(host, trust.allowedHosts)) return `the Host header names ${JSON.stringify(host)}`;
  }
  const page = foreignPage(headers, trust.allowedHosts);
  if (page === undefined || opensLink(request) || trust.namedOrigin?.(request)) return undefined;
  return page;
}

const underRegion = /\.[a-z]{2}(-[a-z]+)+-\d\.localhost(:\d+)?$/;

/** What browsers say of the page that sent it. A page that a function's URL shows is the function's, and not ours. */
export function foreignPage(headers: IncomingHttpHeaders, allowedHosts: readonly string[]): string | undefined {
  const { origin } = headers;
  if (origin !== undefined && !ours(originName(origin), allowedHosts)) return `it comes from ${JSON.stringify(origin)}`;
  if (origin?.includes('.lambda-url.')) return `it comes from ${JSON.stringify(origin)}`;
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site') return 'a page of another site sent it';
  // Names under one region are one site to browsers: those of functions' URLs, and those by which this server is called.
  if (site === 'same-site' && underRegion.test(headers.host ?? '')) return 'a page of a function may have sent it';
  return undefined;
}

/**
 * A person follows a presigned link of S3, from a mail or a page. The page they come from sees nothing of the answer, and
 * to read changes nothing; to embed it (an image, a script, a frame) is another matter.
 */
function opensLink({ method, url, headers }: Suspect): boolean {
  const opens = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return method === 'GET' && opens && headers.origin === undefined && /[?&](X-Amz-Signature|Signature)=/.test(url);
}

/**
 * What a bucket holds may be a page, and it may be anybody's. Shown by a browser it would be a page of this server, whose
 * requests are let in: so it is shown without an origin.
 */
export const withoutOrigin =
  'sandbox allow-downloads allow-forms allow-modals allow-popups allow-scripts allow-top-navigation-by-user-activation';

/** Whether a browser is about to show the answer, rather than a program to read it. */
export function isShown(headers: IncomingHttpHeaders): boolean {
  const as = headers['sec-fetch-dest'];
  return as === 'document' || as === 'iframe' || as === 'frame' || as === 'embed' || as === 'object';
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
