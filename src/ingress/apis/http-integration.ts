/** HTTP_PROXY: another server gets the request, and its response is the response. */
import type { Clock } from '../../base/clock.ts';
import type { IntegrationDocument } from '../../store/apis/api-record.ts';
import { type HttpAnswer, messageAnswer } from '../http/answer.ts';
import { decoded } from '../http/http-call.ts';
import { fetched, late, passedHeaders } from '../http/outgoing-call.ts';
import type { Exchange } from './exchange.ts';

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
    headers: passedHeaders(exchange, url),
    body: call.body,
    serverName: integration.TlsConfig?.ServerNameToVerify,
    elsewhere: exchange.record.inside === true,
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
