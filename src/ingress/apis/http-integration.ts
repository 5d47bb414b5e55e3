/** HTTP_PROXY: another server gets the request, and its response is the response. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Clock } from '../../base/clock.ts';
import { deferred } from '../../base/deferred.ts';
import type { IntegrationDocument } from '../../store/apis/api-record.ts';
import { type HttpAnswer, messageAnswer } from '../http/answer.ts';
import { isHopByHop } from '../http/forwarded.ts';
import { decoded, type HttpCall } from '../http/http-call.ts';
import type { Exchange } from './exchange.ts';

const responseBytesMax = 10 * 1024 * 1024;
const agents = {
  'http:': new HttpAgent({ keepAlive: true, maxSockets: 128, maxFreeSockets: 16, timeout: 60_000 }),
  'https:': new HttpsAgent({ keepAlive: true, maxSockets: 128, maxFreeSockets: 16, timeout: 60_000 }),
};

export async function httpIntegration(
  { clock }: { readonly clock: Clock },
  exchange: Exchange,
  integration: IntegrationDocument,
): Promise<HttpAnswer> {
  const { call, notes } = exchange;
  if (climbs(exchange)) return messageAnswer(400, 'Bad Request');
  const url = targetOf(exchange, integration);
  if (url === undefined) {
    notes.integrationError = 'The URL of the integration is not valid';
    return messageAnswer(500, 'Internal Server Error');
  }
  const wanted = integration.IntegrationMethod ?? 'ANY';
  const outcome = await fetched({
    url,
    method: wanted === 'ANY' ? call.method : wanted,
    headers: headersFor(exchange, url),
    body: call.body,
    serverName: integration.TlsConfig?.ServerNameToVerify,
    waitMsMax: integration.TimeoutInMillis ?? 30_000,
    clock,
  });
  if (typeof outcome === 'string') {
    notes.integrationError = outcome;
    return outcome === late ? messageAnswer(504, 'Gateway Timeout') : messageAnswer(503, 'Service Unavailable');
  }
  notes.integrationStatus = outcome.status;
  return outcome;
}

/** Its variables are the route's; of `$default` the whole path comes after the URL. */
function targetOf(
  { call, stage, route, path, pathParameters }: Exchange,
  integration: IntegrationDocument,
): URL | undefined {
  const { StageVariables = {} } = stage;
  const own = (values: Readonly<Record<string, string>>, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? '') : '';
  const filled = (integration.IntegrationUri ?? '')
    .replace(/\$\{stageVariables\.(\w+)\}/g, (_, name: string) => own(StageVariables, name))
    .replace(/\{([A-Za-z0-9._-]+)\+?\}/g, (_, name: string) =>
      // The slashes of a greedy variable are the path's own; those of another were encoded, and are again.
      encoded(own(pathParameters, name), route.RouteKey?.includes(`{${name}+}`) === true),
    );
  const whole = route.RouteKey === '$default' ? filled.replace(/\/$/, '') + path : filled;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return undefined;
  const mapped = integration.RequestParameters?.['overwrite:path'] !== undefined;
  if (mapped) url.pathname = path;
  if (call.query !== '') url.search = url.search === '' ? call.query : `${url.search}&${call.query}`;
  return url;
}

function encoded(value: string, greedy: boolean): string {
  return greedy ? value.split('/').map(encodeURIComponent).join('/') : encodeURIComponent(value);
}

/** Whether a path leads out of the folder that the integration's URL names. */
function climbs({ path, pathParameters }: Exchange): boolean {
  const texts = [decoded(path), ...Object.values(pathParameters)];
  return texts.some((text) => text.split(/[/\\]/).some((segment) => segment === '..' || segment === '.'));
}

function headersFor({ call, host, trace }: Exchange, url: URL): string[] {
  const kept = call.headers.filter(
    ([name]) => !isHopByHop(name) && !/^(host|content-length|x-amzn-trace-id)$/i.test(name),
  );
  const by = `by=${quoted(call.sourceIp)};for=${quoted(call.sourceIp)};host=${quoted(host)};proto=http`;
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

const late = 'The integration did not answer in time';

interface Wanted {
  readonly url: URL;
  readonly method: string;
  readonly headers: string[];
  readonly body: HttpCall['body'];
  readonly serverName: string | undefined;
  readonly waitMsMax: number;
  readonly clock: Clock;
}

/** The response, read whole, or why there is none. */
async function fetched({
  url,
  method,
  headers,
  body,
  serverName,
  waitMsMax,
  clock,
}: Wanted): Promise<HttpAnswer | string> {
  const { promise, resolve } = deferred<HttpAnswer | string>();
  const secure = url.protocol === 'https:';
  const options = { method, headers, agent: agents[secure ? 'https:' : 'http:'] };
  const outgoing = secure
    ? httpsRequest(url, { ...options, ...(serverName === undefined ? {} : { servername: serverName }) })
    : httpRequest(url, options);
  const cancel = clock.after(waitMsMax, () => {
    resolve(late);
    outgoing.destroy();
  });
  outgoing.on('error', (error) => resolve(`Cannot reach the integration: ${error.message}`));
  outgoing.on('response', (response) => collect(response, resolve));
  // A server that answers with another protocol is not spoken to.
  outgoing.on('upgrade', (_, socket) => {
    socket.destroy();
    resolve('The integration switched protocols');
  });
  outgoing.end(body);
  const outcome = await promise;
  cancel();
  if (typeof outcome === 'string') outgoing.destroy();
  return outcome;
}

function collect(response: IncomingMessage, resolve: (outcome: HttpAnswer | string) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= responseBytesMax) chunks.push(chunk);
    else resolve('The response of the integration is too large');
  });
  response.on('error', (error) => resolve(`The integration broke off: ${error.message}`));
  response.on('end', () =>
    resolve({ status: response.statusCode ?? 502, headers: pairsOf(response), body: Buffer.concat(chunks) }),
  );
}

function pairsOf({ rawHeaders }: IncomingMessage): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) pairs.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '']);
  return pairs.filter(([name]) => !isHopByHop(name));
}
