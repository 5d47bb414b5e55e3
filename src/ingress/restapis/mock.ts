/** MOCK: nothing stands behind; the request's template says which status it is as if something had answered with. */
import type { IntegrationDocument } from '../../store/restapis/rest-record.ts';
import type { HttpAnswer } from '../http/answer.ts';
import type { Exchange } from './exchange.ts';
import { configurationError } from './failure.ts';
import { integrationRequest } from './request-mapping.ts';
import { mappedAnswer } from './response-mapping.ts';

export function mock(exchange: Exchange, integration: IntegrationDocument): HttpAnswer {
  const { body } = integrationRequest(exchange, integration);
  const status = statusOf(body.toString());
  if (status === undefined) throw configurationError('The template of a mock integration must give a statusCode');
  exchange.notes.integrationStatus = Number(status);
  return mappedAnswer(exchange, integration, { selector: status, headers: [], body: Buffer.alloc(0) });
}

/** AWS reads what is nearly JSON, as `{statusCode: 200}`. */
function statusOf(text: string): string | undefined {
  return /^\s*\{[\s\S]*?["']?statusCode["']?\s*:\s*["']?(\d{3})["']?\s*[,}]/.exec(text)?.[1];
}
