/** AWS_PROXY: a function gets the request as an event, and its result is the response. */
import type { InvokeResult } from '../../lambda/invoke/door.ts';
import { functionOfUri } from '../../services/apigatewayv2/lambda-uri.ts';
import type { IntegrationDocument } from '../../store/apis/api-record.ts';
import { type HttpAnswer, messageAnswer } from '../http/answer.ts';
import { eventV1 } from '../http/event-v1.ts';
import { eventV2 } from '../http/event-v2.ts';
import { answerV1, answerV2 } from '../http/function-answer.ts';
import { callFunction, type FunctionCallParts, type FunctionCallResult } from '../http/function-call.ts';
import { headerOf } from '../http/http-call.ts';
import { type Exchange, eventPlace, sourceArn } from './exchange.ts';

const internal = () => messageAnswer(500, 'Internal Server Error');

export async function functionIntegration(
  parts: FunctionCallParts,
  exchange: Exchange,
  integration: IntegrationDocument,
): Promise<HttpAnswer> {
  const { call } = exchange;
  const old = integration.PayloadFormatVersion === '1.0';
  const event = (old ? eventV1 : eventV2)(call, eventPlace(exchange));
  const result = await integrationResult(parts, exchange, { integration, event });
  if (result.kind !== 'success') return failed(exchange, refusal(result), reasonOf(result));
  const answer = (old ? answerV1 : answerV2)(result.payload);
  return answer ?? failed(exchange, internal(), malformed);
}

const malformed = 'The response from the Lambda function doesn’t match the format that API Gateway expects';

/** What the function of an integration makes of an event. */
export async function integrationResult(
  parts: FunctionCallParts,
  exchange: Exchange,
  { integration, event }: { readonly integration: IntegrationDocument; readonly event: object },
): Promise<FunctionCallResult> {
  const { call, record, stage, notes, trace } = exchange;
  const functionArn = functionOfUri(integration.IntegrationUri, stage.StageVariables);
  if (functionArn === undefined) return { kind: 'missing' };
  notes.integrationRequestId = parts.random.uuid();
  const result = await callFunction(parts, {
    functionArn,
    service: 'apigateway.amazonaws.com',
    sourceArn: sourceArn(exchange),
    sourceAccount: record.accountId,
    asRole: integration.CredentialsArn !== undefined,
    payload: Buffer.from(JSON.stringify(event)),
    requestId: notes.integrationRequestId,
    trace,
    callerTrace: headerOf(call, 'x-amzn-trace-id') ?? '',
    waitMsMax: integration.TimeoutInMillis ?? 30_000,
  });
  if (result.kind === 'success') notes.integrationStatus = 200;
  else notes.integrationError = reasonOf(result);
  return result;
}

function failed({ notes }: Exchange, answer: HttpAnswer, why: string): HttpAnswer {
  notes.integrationError = why;
  return answer;
}

type Failure = Exclude<FunctionCallResult, { kind: 'success' }>;

function refusal({ kind }: Failure): HttpAnswer {
  if (kind === 'too-large') return messageAnswer(413, 'Request Entity Too Large');
  const busy = kind === 'late' || kind === 'throttled' || kind === 'unavailable';
  return busy ? messageAnswer(503, 'Service Unavailable') : internal();
}

const reasons: Readonly<Record<Failure['kind'], string>> = {
  forbidden:
    'The IAM role configured on the integration or API Gateway doesn’t have permissions to call the integration. Check the permissions and try again.',
  missing: 'The function does not exist',
  'not-ready': 'The function is not active',
  'too-large': 'The request is too large for the function',
  late: 'The integration did not answer in time',
  throttled: 'The function is throttled',
  recursive: 'The function was invoked in a loop',
  unavailable: 'The function cannot be run now',
  'function-error': '',
};

function reasonOf(result: Failure): string {
  return result.kind === 'function-error' ? errorText(result) : reasons[result.kind];
}

function errorText({ payload }: Extract<InvokeResult, { kind: 'function-error' }>): string {
  return `The Lambda function returned the following error: ${payload.toString('utf8', 0, 500)}. Check your Lambda function code and try again.`;
}
