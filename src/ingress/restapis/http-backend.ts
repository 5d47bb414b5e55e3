/** HTTP_PROXY and HTTP: another server gets the request, as it is or as mapped. */
import type { Clock } from '../../base/clock.ts';
import { withStageVariables } from '../../services/apigateway/integration-uri.ts';
import type { IntegrationDocument } from '../../store/restapis/rest-record.ts';
import type { HttpAnswer } from '../http/answer.ts';
import { decoded, type HttpCall, headerOf } from '../http/http-call.ts';
import { fetched, late, passedHeaders } from '../http/outgoing-call.ts';
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
): Promise<HttpAnswer> {
  const { call } = exchange;
  const mapped = { ...mappedParameters(exchange, integration), body: call.body };
  const names = new Set(mapped.headers.map(([name]) => name.toLowerCase()));
  const headers = [...call.headers.filter(([name]) => !names.has(name.toLowerCase())), ...mapped.headers];
  const answer = await asked(parts, exchange, integration, { ...mapped, headers, query: mapped.query }, call.query);
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
  const { status, ...answer } = await asked(parts, exchange, integration, { ...request, headers }, '');
  return mappedAnswer(exchange, integration, { ...answer, selector: String(status) });
}

async function asked(
  { clock }: HttpParts,
  exchange: Exchange,
  integration: IntegrationDocument,
  { headers, query, path, body }: IntegrationRequest,
  passedQuery: string,
): Promise<HttpAnswer> {
  const { call, notes, host, trace } = exchange;
  const url = targetOf(exchange, integration, path);
  addQuery(url, passedQuery, query);
  const { httpMethod = 'ANY', timeoutInMillis, tlsConfig } = integration;
  const method = httpMethod === 'ANY' ? call.method : httpMethod;
  const passed: HttpCall = { ...call, method, headers, body };
  const outcome = await fetched({
    url,
    method,
    headers: passedHeaders({ call: passed, host, trace }, url),
    body: method === 'GET' || method === 'HEAD' ? Buffer.alloc(0) : body,
    insecure: tlsConfig?.insecureSkipVerification === true,
    elsewhere: exchange.record.inside === true,
    waitMsMax: timeoutInMillis ?? 29_000,
    clock,
  });
  if (outcome === late) throw integrationLate();
  if (typeof outcome === 'string') throw integrationFailed(outcome);
  notes.integrationStatus = outcome.status;
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
