/** A request to another server, with a deadline and a bound. */
import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { emptyBody } from '../../aws/wire.ts';
import type { Clock } from '../../base/clock.ts';
import { deferred } from '../../base/deferred.ts';
import { checkReach, guardedLookup } from '../../base/reach.ts';
import type { HttpAnswer } from './answer.ts';
import { isHopByHop } from './forwarded.ts';
import type { HttpCall } from './http-call.ts';

const responseBytesMax = 10 * 1024 * 1024;
/** Without a byte of a body that is passed on as it comes. */
const stalledMsMax = 300_000;
const agentOptions = { keepAlive: true, maxSockets: 128, maxFreeSockets: 16, timeout: 60_000 };
const agentsTo = (elsewhere: boolean) => {
  const options = { ...agentOptions, lookup: guardedLookup(elsewhere) };
  return { 'http:': new HttpAgent(options), 'https:': new HttpsAgent(options) };
};
/** Apart from each other: a connection that is kept was allowed for whoever opened it, and not for everybody. */
const agents = { anywhere: agentsTo(false), elsewhere: agentsTo(true) };

export interface Passed {
  readonly call: HttpCall;
  readonly host: string;
  readonly trace: string;
}

/** Those of a request that is passed on, and what says where it came by. */
export function passedHeaders({ call, host, trace }: Passed, url: URL): string[] {
  const kept = call.headers.filter(
    ([name]) => !isHopByHop(name) && !/^(host|content-length|x-amzn-trace-id)$/i.test(name),
  );
  const by = `by=${quoted(call.sourceIp)};for=${quoted(call.sourceIp)};host=${quoted(host)};proto=${call.scheme}`;
  return [
    ...kept.flat(),
    ...['host', url.host],
    ...['x-amzn-trace-id', trace],
    ...['forwarded', by],
    ...['via', 'HTTP/1.1 AmazonAPIGateway'],
    ...(call.body.length > 0 || /^(POST|PUT|PATCH)$/.test(call.method)
      ? ['content-length', String(call.body.length)]
      : []),
  ];
}

/** RFC 7239: what is no token, as an address of IPv6, stands in quotes. */
function quoted(value: string): string {
  return /^[\w.-]+$/.test(value) ? value : `"${value.replace(/["\\]/g, '')}"`;
}

export const late = 'The integration did not answer in time';

export interface Wanted {
  readonly url: URL;
  readonly method: string;
  readonly headers: string[];
  readonly body: HttpCall['body'];
  readonly serverName?: string | undefined;
  /** Whoever answers is believed. */
  readonly insecure?: boolean;
  /** Not on this machine. */
  readonly elsewhere: boolean;
  readonly waitMsMax: number;
  readonly clock: Clock;
}

/** The response, read whole, or why there is none. */
export function fetched(wanted: Wanted): Promise<HttpAnswer | string> {
  return outcomeOf(wanted, collect);
}

/** An answer whose body is still on its way. */
export interface Proxied {
  readonly kind: 'proxied';
  /** Without its body. */
  readonly head: HttpAnswer;
  /** Breaks off when the other side stalls, or the time for the whole is over. */
  readonly body: IncomingMessage;
}

/** The response's head, as soon as it is there, or why there is none. */
export function fetchedStream(wanted: Wanted): Promise<Proxied | string> {
  return outcomeOf(wanted, (response, resolve) => {
    response.setTimeout(stalledMsMax, () => response.destroy(new Error('The integration stalled')));
    resolve({ kind: 'proxied', head: headOf(response), body: response });
  });
}

type Resolve<Outcome> = (outcome: Outcome | string) => void;

async function outcomeOf<Outcome>(
  wanted: Wanted,
  take: (response: IncomingMessage, resolve: Resolve<Outcome>) => void,
): Promise<Outcome | string> {
  const { promise, resolve } = deferred<Outcome | string>();
  let outgoing: ClientRequest;
  try {
    outgoing = requestOf(wanted);
  } catch (error) {
    return unreached(error);
  }
  const cancel = wanted.clock.after(wanted.waitMsMax, () => {
    resolve(late);
    outgoing.destroy(new Error(late));
  });
  outgoing.on('close', cancel);
  outgoing.on('error', (error) => resolve(unreached(error)));
  outgoing.on('response', (response) => take(response, resolve));
  // A server that answers with another protocol is not spoken to.
  outgoing.on('upgrade', (_, socket) => {
    socket.destroy();
    resolve('The integration switched protocols');
  });
  outgoing.end(wanted.body);
  const outcome = await promise;
  if (typeof outcome === 'string') outgoing.destroy();
  return outcome;
}

/** Throws when nobody may be asked there. */
function requestOf({ url, method, headers, serverName, insecure = false, elsewhere }: Wanted): ClientRequest {
  checkReach(url, elsewhere);
  const secure = url.protocol === 'https:';
  const options = { method, headers, agent: agents[elsewhere ? 'elsewhere' : 'anywhere'][secure ? 'https:' : 'http:'] };
  if (!secure) return httpRequest(url, options);
  const name = serverName === undefined ? {} : { servername: serverName };
  return httpsRequest(url, { ...options, ...name, rejectUnauthorized: !insecure });
}

function unreached(error: unknown): string {
  return `Cannot reach the integration: ${error instanceof Error ? error.message : error}`;
}

function collect(response: IncomingMessage, resolve: Resolve<HttpAnswer>): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= responseBytesMax) chunks.push(chunk);
    else resolve('The response of the integration is too large');
  });
  response.on('error', (error) => resolve(`The integration broke off: ${error.message}`));
  response.on('end', () => resolve({ ...headOf(response), body: Buffer.concat(chunks) }));
}

function headOf(response: IncomingMessage): HttpAnswer {
  return { status: response.statusCode ?? 502, headers: pairsOf(response), body: emptyBody };
}

function pairsOf({ rawHeaders }: IncomingMessage): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) pairs.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '']);
  return pairs.filter(([name]) => !isHopByHop(name));
}
