/** AWS_PROXY: a function gets the request as an event, and its result is the response. */
import type { StreamingDoor } from '../../lambda/invoke/door.ts';
import { functionOf, withStageVariables } from '../../services/apigateway/integration-uri.ts';
import type { IntegrationDocument } from '../../store/restapis/rest-record.ts';
import type { HttpAnswer } from '../http/answer.ts';
import { answerRest } from '../http/function-answer.ts';
import {
  callFunction,
  type FunctionCall,
  type FunctionCallParts,
  type FunctionCallResult,
  streamFunction,
} from '../http/function-call.ts';
import { headerOf } from '../http/http-call.ts';
import { integrationType, type Streaming } from '../url/stream.ts';
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
  if (result.kind === 'function-error') throw failedFunction(result.payload);
  const { call, content, notes } = exchange;
  notes.integrationStatus = 200;
  const answer = answerRest(result.payload, acceptsBinary(content.api.binaryMediaTypes, call));
  if (answer === undefined) throw malformedAnswer('Malformed Lambda proxy response');
  return { ...answer, headers: remapped(answer.headers) };
}

type Answered = Extract<FunctionCallResult, { kind: 'success' | 'function-error' }>;

/** The function writes its head before the body, as JSON, and the client reads as it writes. */
export async function functionStream(
  parts: FunctionCallParts & { readonly door: StreamingDoor },
  exchange: Exchange,
  integration: IntegrationDocument,
): Promise<Streaming> {
  const payload = Buffer.from(JSON.stringify(restEvent(exchange)));
  const result = await streamFunction(parts, functionCallOf(parts, exchange, integration, payload));
  if (result.kind === 'function-error') throw failedFunction(result.payload);
  if (result.kind !== 'streaming' && result.kind !== 'success') throw refusal(result);
  if (result.kind === 'streaming' && result.contentType === integrationType) return result;
  if (result.kind === 'streaming') result.body.destroy();
  throw malformedAnswer('Malformed streaming response: it must begin with its metadata');
}

/** Throws the failure that a client is told of where the function could not be asked. */
export async function askFunction(
  parts: FunctionCallParts,
  exchange: Exchange,
  integration: IntegrationDocument,
  payload: Buffer,
): Promise<Answered> {
  const result = await callFunction(parts, functionCallOf(parts, exchange, integration, payload));
  if (result.kind === 'success' || result.kind === 'function-error') return result;
  throw refusal(result);
}

function functionCallOf(
  { random }: FunctionCallParts,
  exchange: Exchange,
  { uri = '', httpMethod, credentials, timeoutInMillis }: IntegrationDocument,
  payload: Buffer,
): FunctionCall {
  const { record, call, stageVariables, notes, trace } = exchange;
  const functionArn = functionOf(withStageVariables(uri, stageVariables));
  if (functionArn === undefined) throw configurationError('Invalid function ARN or invalid uri');
  // Lambda takes nothing but POST; AWS lets an API be configured otherwise, and fail.
  if (httpMethod !== 'POST') throw configurationError('The integration of a function must use POST');
  notes.integrationRequestId = random.uuid();
  return {
    functionArn,
    service: 'apigateway.amazonaws.com',
    sourceArn: sourceArn(exchange),
    sourceAccount: record.accountId,
    asRole: credentials !== undefined && credentials !== '',
    payload,
    requestId: notes.integrationRequestId,
    trace,
    callerTrace: headerOf(call, 'x-amzn-trace-id') ?? '',
    waitMsMax: timeoutInMillis ?? 29_000,
  };
}

function failedFunction(payload: Buffer): GatewayFailure {
  return malformedAnswer(`The function failed: ${payload.toString('utf8', 0, 500)}`);
}

function refusal({ kind }: Exclude<FunctionCallResult, Answered>): GatewayFailure {
  if (kind === 'late') return integrationLate();
  if (kind === 'too-large') return requestTooLarge();
  if (kind === 'forbidden') return configurationError('Invalid permissions on Lambda function');
  return configurationError(`Lambda invocation failed: ${kind}`);
}
