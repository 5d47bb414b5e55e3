import type { IncomingHttpHeaders } from 'node:http';
import { askedOperation } from '../aws/route/asked.ts';

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
  const host = foreignHost(headers, trust.allowedHosts);
  if (host !== undefined) return host;
  const page = foreignPage(headers, trust.allowedHosts);
  if (page === undefined || opensLink(request) || trust.namedOrigin?.(request)) return undefined;
  return page;
}

/** Rebinding alone: for what is made for the pages of others. */
export function foreignHost(headers: IncomingHttpHeaders, allowedHosts: readonly string[]): string | undefined {
  // HTTP/2 says `:authority`, and may say `host` as well.
  for (const said of [headers.host, headers[':authority']]) {
    const host = typeof said === 'string' ? hostName(said) : undefined;
    if (host !== undefined && !ours(host, allowedHosts)) return `the Host header names ${JSON.stringify(host)}`;
  }
  return undefined;
}

const underRegion = /\.[a-z]{2}(-[a-z]+)+-\d\.localhost(:\d+)?$/;

/** What browsers say of the page that sent it. A page that a function's URL or an API shows is theirs, and not ours. */
export function foreignPage(headers: IncomingHttpHeaders, allowedHosts: readonly string[]): string | undefined {
  const { origin, 'sec-fetch-site': from } = headers;
  if (origin !== undefined) {
    const name = originName(origin);
    if (!ours(name, allowedHosts) || siteName.test(name)) return `it comes from ${JSON.stringify(origin)}`;
  }
  if (from === 'cross-site') return 'a page of another site sent it';
  if (from !== 'same-site') return undefined;
  // Names under one region are one site to browsers: those of functions' URLs, and those by which this server is called.
  if (underRegion.test(headers.host ?? '')) return 'a page of a function may have sent it';
  return origin === undefined && !isVisit(headers) ? 'a page that does not say whose it is sent it' : undefined;
}

/** Of HTTP APIs and function URLs. */
const siteName = /\.(execute-api|lambda-url)\.[a-z0-9-]+\./;

/** A person goes to it; the page they come from does not see the answer. */
function isVisit(headers: IncomingHttpHeaders): boolean {
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}

/**
 * A person follows a presigned link of S3, from a mail or a page. The page they come from sees nothing of the answer, and
 * to read an object changes nothing (other services take orders by GET); to embed it (an image, a script, a frame) is
 * another matter.
 */
function opensLink(request: Suspect): boolean {
  const { method, url, headers } = request;
  if (method !== 'GET' || !isVisit(headers) || headers.origin !== undefined) return false;
  return /[?&](X-Amz-Signature|Signature)=/.test(url) && askedOperation(request) === 's3:GetObject';
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
