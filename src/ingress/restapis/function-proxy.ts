/** AWS_PROXY: a function gets the request as an event, and its result is the response. */
import { functionOf, withStageVariables } from '../../services/apigateway/integration-uri.ts';
import type { IntegrationDocument } from '../../store/restapis/rest-record.ts';
import type { HttpAnswer } from '../http/answer.ts';
import { answerRest } from '../http/function-answer.ts';
import { callFunction, type FunctionCallParts, type FunctionCallResult } from '../http/function-call.ts';
import { restEvent } from './event.ts';
import { type Exchange, sourceArn } from './exchange.ts';
import {
  configurationError,
  type GatewayFailure,
  integrationLate,
  malformedAnswer,
  requestTooLarge,
} from './failure.ts';
import { acceptsBinary } from './media-types.ts';
import { remapped } from './remapped.ts';

export async function functionProxy(
  parts: FunctionCallParts,
  exchange: Exchange,
  integration: IntegrationDocument,
): Promise<HttpAnswer> {
  const result = await askFunction(parts, exchange, integration, Buffer.from(JSON.stringify(restEvent(exchange))));
  if (result.kind === 'function-error')
    throw malformedAnswer(`The function failed: ${result.payload.toString('utf8', 0, 500)}`);
  const { call, content, notes } = exchange;
  notes.integrationStatus = 200;
  const answer = answerRest(result.payload, acceptsBinary(content.api.binaryMediaTypes, call));
  if (answer === undefined) throw malformedAnswer('Malformed Lambda proxy response');
  return { ...answer, headers: remapped(answer.headers) };
}

type Answered = Extract<FunctionCallResult, { kind: 'success' | 'function-error' }>;

/** Throws the failure that a client is told of where the function could not be asked. */
export async function askFunction(
  parts: FunctionCallParts,
  exchange: Exchange,
  { uri = '', httpMethod, credentials, timeoutInMillis }: IntegrationDocument,
  payload: Buffer,
): Promise<Answered> {
  const { record, stageVariables, notes, trace } = exchange;
  const functionArn = functionOf(withStageVariables(uri, stageVariables));
  if (functionArn === undefined) throw configurationError('Invalid function ARN or invalid uri');
  // Lambda takes nothing but POST; AWS lets an API be configured otherwise, and fail.
  if (httpMethod !== 'POST') throw configurationError('The integration of a function must use POST');
  notes.integrationRequestId = parts.random.uuid();
  const result = await callFunction(parts, {
    functionArn,
    service: 'apigateway.amazonaws.com',
    sourceArn: sourceArn(exchange),
    sourceAccount: record.accountId,
    asRole: credentials !== undefined && credentials !== '',
    payload,
    requestId: notes.integrationRequestId,
    trace,
    waitMsMax: timeoutInMillis ?? 29_000,
  });
  if (result.kind === 'success' || result.kind === 'function-error') return result;
  throw refusal(result);
}

function refusal({ kind }: Exclude<FunctionCallResult, Answered>): GatewayFailure {
  if (kind === 'late') return integrationLate();
  if (kind === 'too-large') return requestTooLarge();
  if (kind === 'forbidden') return configurationError('Invalid permissions on Lambda function');
  return configurationError(`Lambda invocation failed: ${kind}`);
}
