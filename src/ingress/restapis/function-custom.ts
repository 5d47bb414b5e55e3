/** AWS: a function gets what a template made of the request, and another template makes the response of its result. */

import { type AcceptEvent, NotAcceptedError } from '../../lambda/invoke/accept.ts';
import type { Door, StreamingDoor } from '../../lambda/invoke/door.ts';
import { functionOf, withStageVariables } from '../../services/apigateway/integration-uri.ts';
import type { IntegrationDocument } from '../../store/restapis/rest-record.ts';
import type { HttpAnswer } from '../http/answer.ts';
import type { FunctionCallParts } from '../http/function-call.ts';
import { headerOf } from '../http/http-call.ts';
import { type Exchange, sourceArn } from './exchange.ts';
import { configurationError } from './failure.ts';
import { askFunction } from './function-proxy.ts';
import { integrationRequest } from './request-mapping.ts';
import { type IntegrationAnswer, mappedAnswer } from './response-mapping.ts';

export interface CustomParts extends FunctionCallParts {
  readonly door: Door & StreamingDoor;
  /** Takes what nobody waits for. */
  readonly accept: AcceptEvent;
}

export async function functionCustom(
  parts: CustomParts,
  exchange: Exchange,
  integration: IntegrationDocument,
): Promise<HttpAnswer> {
  const request = integrationRequest(exchange, integration);
  const payload = request.body.length === 0 ? Buffer.from('{}') : request.body;
  if (!isJson(payload)) throw configurationError('The payload for the function is not JSON');
  const event = headerOf(request, 'x-amz-invocation-type') === 'Event';
  const answer = event
    ? await accepted(parts, exchange, integration, payload)
    : await invoked(parts, exchange, integration, payload);
  return mappedAnswer(exchange, integration, answer);
}

async function invoked(
  parts: CustomParts,
  exchange: Exchange,
  integration: IntegrationDocument,
  payload: Buffer,
): Promise<IntegrationAnswer> {
  const result = await askFunction(parts, exchange, integration, payload);
  exchange.notes.integrationStatus = 200;
  const selector = result.kind === 'function-error' ? messageOf(result.payload) : undefined;
  return { selector, headers: [], body: result.payload };
}

/** As Lambda answers an asynchronous invocation: with nothing. */
async function accepted(
  { accept }: CustomParts,
  exchange: Exchange,
  { uri = '' }: IntegrationDocument,
  payload: Buffer,
): Promise<IntegrationAnswer> {
  const { record, stageVariables, trace, notes } = exchange;
  const functionArn = functionOf(withStageVariables(uri, stageVariables));
  if (functionArn === undefined) throw configurationError('Invalid function ARN or invalid uri');
  const from = { service: 'apigateway.amazonaws.com', sourceArn: sourceArn(exchange), sourceAccount: record.accountId };
  try {
    await accept({ functionArn, ...from, payload, traceHeader: trace });
  } catch (error) {
    if (error instanceof NotAcceptedError) throw configurationError(error.message);
    throw error;
  }
  notes.integrationStatus = 202;
  return { selector: undefined, headers: [], body: Buffer.alloc(0) };
}

function isJson(payload: Buffer): boolean {
  try {
    JSON.parse(payload.toString());
    return true;
  } catch {
    return false;
  }
}

function messageOf(payload: Buffer): string {
  try {
    const { errorMessage } = JSON.parse(payload.toString());
    return String(errorMessage ?? '');
  } catch {
    return '';
  }
}
