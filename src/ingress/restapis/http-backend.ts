/** HTTP_PROXY and HTTP: another server gets the request, as it is or as mapped. */
import type { Clock } from '../../base/clock.ts';
import { withStageVariables } from '../../services/apigateway/integration-uri.ts';
import type { IntegrationDocument } from '../../store/restapis/rest-record.ts';
import type { HttpAnswer } from '../http/answer.ts';
import { decoded, type HttpCall, headerOf } from '../http/http-call.ts';
import { fetched, fetchedStream, late, type Proxied, passedHeaders, type Wanted } from '../http/outgoing-call.ts';
import type { Exchange } from './exchange.ts';
import { configurationError, GatewayFailure, integrationFailed, integrationLate } from './failure.ts';
import { remapped } from './remapped.ts';
import { type IntegrationRequest, integrationRequest, mappedParameters } from './request-mapping.ts';
import { mappedAnswer } from './response-mapping.ts';

interface HttpParts {
  readonly clock: Clock;
}

/** Headers and query pass, and what is mapped takes the place of what has its name. */
export async function httpProxy(
  parts: HttpParts,
  exchange: Exchange,
  integration: IntegrationDocument,
): Promise<HttpAnswer | Proxied> {
  const { call } = exchange;
  const mapped = { ...mappedParameters(exchange, integration), body: call.body };
  const names = new Set(mapped.headers.map(([name]) => name.toLowerCase()));
  const headers = [...call.headers.filter(([name]) => !names.has(name.toLowerCase())), ...mapped.headers];
  const wanted = wantedOf(parts, exchange, integration, { ...mapped, headers, query: mapped.query }, call.query);
  if (integration.responseTransferMode !== 'STREAM') return remappedAnswer(answered(exchange, await fetched(wanted)));
  const proxied = answered(exchange, await fetchedStream(wanted));
  return { ...proxied, head: remappedAnswer(proxied.head) };
}

function remappedAnswer(answer: HttpAnswer): HttpAnswer {
  return { ...answer, headers: remapped(answer.headers) };
}

/** Nothing passes but what is mapped. */
export async function httpCustom(
  parts: HttpParts,
  exchange: Exchange,
  integration: IntegrationDocument,
): Promise<HttpAnswer> {
  const request = integrationRequest(exchange, integration);
  const type = headerOf(request, 'content-type') ?? headerOf(exchange.call, 'content-type') ?? 'application/json';
  const others = request.headers.filter(([name]) => name.toLowerCase() !== 'content-type');
  const headers = [...others, ['content-type', type] as const];
  const wanted = wantedOf(parts, exchange, integration, { ...request, headers }, '');
  const { status, ...answer } = answered(exchange, await fetched(wanted));
  return mappedAnswer(exchange, integration, { ...answer, selector: String(status) });
}

function wantedOf(
  { clock }: HttpParts,
  exchange: Exchange,
  integration: IntegrationDocument,
  { headers, query, path, body }: IntegrationRequest,
  passedQuery: string,
): Wanted {
  const { call, host, trace } = exchange;
  const url = targetOf(exchange, integration, path);
  addQuery(url, passedQuery, query);
  const { httpMethod = 'ANY', timeoutInMillis, tlsConfig } = integration;
  const method = httpMethod === 'ANY' ? call.method : httpMethod;
  const passed: HttpCall = { ...call, method, headers, body };
  return {
    url,
    method,
    headers: passedHeaders({ call: passed, host, trace }, url),
    body: method === 'GET' || method === 'HEAD' ? Buffer.alloc(0) : body,
    insecure: tlsConfig?.insecureSkipVerification === true,
    elsewhere: exchange.record.inside === true,
    waitMsMax: timeoutInMillis ?? 29_000,
    clock,
  };
}

/** Throws the failure that a client is told of where there is no answer. */
function answered<Answer extends HttpAnswer | Proxied>({ notes }: Exchange, outcome: Answer | string): Answer {
  if (outcome === late) throw integrationLate();
  if (typeof outcome === 'string') throw integrationFailed(outcome);
  notes.integrationStatus = 'kind' in outcome ? outcome.head.status : outcome.status;
  return outcome;
}

function targetOf(
  { stageVariables }: Exchange,
  { uri = '' }: IntegrationDocument,
  path: Readonly<Record<string, string>>,
): URL {
  for (const value of Object.values(path)) if (climbs(value)) throw badPath();
  const whole = withStageVariables(uri, stageVariables).replace(/\{([A-Za-z0-9._-]+)\+?\}/g, (_, name: string) =>
    Object.hasOwn(path, name) ? (path[name] ?? '') : '',
  );
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw configurationError('Invalid endpoint address');
  return url;
}

/** Whether a variable leads out of the folder that the integration's URL names. */
function climbs(value: string): boolean {
  return decoded(value)
    .split(/[/\\]/)
    .some((segment) => segment === '..' || segment === '.');
}

function badPath(): GatewayFailure {
  return new GatewayFailure({
    type: 'BAD_REQUEST_PARAMETERS',
    message: 'Bad Request',
    errorType: 'BadRequestException',
  });
}

function addQuery(url: URL, passed: string, mapped: IntegrationRequest['query']): void {
  const names = new Set(mapped.map(([name]) => name));
  const kept = passed.split('&').filter((part) => part !== '' && !names.has(decoded(part.split('=')[0] ?? '')));
  const added = mapped.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  const all = [url.search.slice(1), ...kept, ...added].filter((each) => each !== '');
  url.search = all.join('&');
}
