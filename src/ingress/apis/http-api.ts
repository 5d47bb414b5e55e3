/**
 * The way of one request to an HTTP API: which stage and deployment, CORS, which route, how many may come, who may, the
 * integration, the answer.
 */
import { emptyBody } from '../../aws/wire.ts';
import { traceHeader } from '../../lambda/invoke/trace-header.ts';
import type { FunctionLog } from '../../observe/function-log.ts';
import type { Log } from '../../observe/log.ts';
import type { ApiRecord, RouteDocument, StageDocument } from '../../store/apis/api-record.ts';
import type { ApiStore } from '../../store/apis/api-store.ts';
import type { Incoming } from '../body.ts';
import { withoutOrigin } from '../guard.ts';
import { type HttpAnswer, messageAnswer, sendAnswer } from '../http/answer.ts';
import { preflightAnswer, withCors } from '../http/cors.ts';
import type { FunctionCallParts } from '../http/function-call.ts';
import { callBody, callHead, headerOf } from '../http/http-call.ts';
import type { Outgoing } from '../respond.ts';
import { logAccess } from './access-log.ts';
import { type Authorizers, check } from './authorizers/authorizers.ts';
import type { Refused } from './authorizers/checked.ts';
import { deployedOn, integrationOf } from './deployed.ts';
import type { Exchange } from './exchange.ts';
import { functionIntegration } from './function-integration.ts';
import { httpIntegration } from './http-integration.ts';
import { mappedAnswer, mappedRequest } from './mapping.ts';
import type { Throttle } from './throttle.ts';
import { type ApiAddress, stagePart } from './where.ts';

export interface HttpApiParts extends FunctionCallParts {
  readonly apis: ApiStore;
  readonly accessLog: FunctionLog;
  readonly log: Log;
  readonly throttle: Throttle;
  readonly authorizers: Authorizers;
}

const bodyBytesMax = 10 * 1024 * 1024;
const noRoute: RouteDocument = { RouteKey: undefined };

export interface ApiRequest {
  readonly record: ApiRecord;
  readonly address: ApiAddress;
  readonly request: Incoming;
}

/** What its own work fails of is answered too. */
export async function answerHttpApi(parts: HttpApiParts, asked: ApiRequest, response: Outgoing): Promise<void> {
  const { request } = asked;
  const exchange = arrived(parts, asked);
  if (exchange === undefined) return sendAnswer(response, request, messageAnswer(404, 'Not Found'));
  const answer = await answerOf(parts, () => callBody(request, bodyBytesMax), exchange).catch((error) => {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    parts.log.error('A request to an HTTP API failed inside the server', { requestId: exchange.requestId, why });
    return messageAnswer(500, 'Internal Server Error');
  });
  const headers = answer.headers.filter(([name]) => !/^apigw-requestid$/i.test(name));
  const ownHeaders = [['apigw-requestid', exchange.requestId] as const, ...sandboxed(asked.address)];
  sendAnswer(response, request, { ...answer, headers: [...headers, ...ownHeaders] });
  logAccess(parts.accessLog, exchange, answer, parts.clock.now());
}

/** A page under a path of this server would be of one origin with the AWS API, which believes its own origin. */
function sandboxed({ stageName }: ApiAddress): HttpAnswer['headers'] {
  return stageName === undefined ? [] : [['content-security-policy', withoutOrigin]];
}

function arrived(parts: HttpApiParts, { record, address, request }: ApiRequest): Exchange | undefined {
  const place = stageFor(record, address);
  const deployed = place && deployedOn(record, place.stage);
  if (place === undefined || deployed === undefined) return undefined;
  const call = { ...callHead(request), body: emptyBody };
  const match = deployed.routes.find(call.method, place.path);
  return {
    ...place,
    record,
    deployed,
    call,
    host: headerOf(call, 'host') ?? '',
    // As API Gateway's look: eleven bytes in base64.
    requestId: Buffer.from(parts.random.hex(11), 'hex').toString('base64'),
    trace: traceHeader(headerOf(call, 'x-amzn-trace-id'), parts),
    startedAt: parts.clock.now(),
    route: match?.route ?? noRoute,
    pathParameters: match?.pathParameters ?? {},
    notes: {},
  };
}

/** A stage's name in the path comes before the default stage. */
function stageFor(record: ApiRecord, address: ApiAddress): { stage: StageDocument; path: string } | undefined {
  const named = (name: string) => record.stages.find(({ StageName }) => StageName === name);
  if (address.stageName !== undefined) {
    const stage = named(address.stageName);
    return stage && { stage, path: address.path };
  }
  const { first, rest } = stagePart(address.path);
  const stage = first === '$default' ? undefined : named(first);
  if (stage !== undefined) return { stage, path: rest };
  const fallback = named('$default');
  return fallback && { stage: fallback, path: address.path };
}

type ReadBody = () => Promise<Buffer | 'too-large'>;

async function answerOf(parts: HttpApiParts, read: ReadBody, exchange: Exchange): Promise<HttpAnswer> {
  const { deployed, call } = exchange;
  const { cors } = deployed.snapshot;
  if (cors === undefined) return routed(parts, read, exchange);
  return preflightAnswer(cors, call) ?? withCors(cors, call, await routed(parts, read, exchange));
}

async function routed(parts: HttpApiParts, read: ReadBody, arrived: Exchange): Promise<HttpAnswer> {
  if (arrived.route === noRoute) return own(arrived, 404, 'Not Found');
  if (!parts.throttle.admits(arrived)) return own(arrived, 429, 'Too Many Requests');
  // A signature covers the body; whoever shows a token is known, or refused, before it is read.
  const signed = arrived.route.AuthorizationType === 'AWS_IAM';
  const early = signed ? ({ kind: 'allowed' } as const) : await check(parts.authorizers, arrived);
  if (early.kind === 'refused') return refusal(arrived, early);
  const body = await read();
  if (body === 'too-large') return own(arrived, 413, 'Request Entity Too Large');
  const whole = { ...arrived, call: { ...arrived.call, body }, authorised: early.authorised };
  const checked = signed ? await check(parts.authorizers, whole) : early;
  if (checked.kind === 'refused') return refusal(arrived, checked);
  return integrated(parts, { ...whole, authorised: checked.authorised });
}

async function integrated(parts: HttpApiParts, exchange: Exchange): Promise<HttpAnswer> {
  const integration = integrationOf(exchange.deployed.snapshot, exchange.route);
  if (integration === undefined) return own(exchange, 500, 'Internal Server Error');
  const mapped = mappedRequest(exchange, integration.RequestParameters);
  const { clock } = parts;
  const from = clock.monotonic();
  const integrate = integration.IntegrationType === 'HTTP_PROXY' ? httpIntegration : functionIntegration;
  const answer = await integrate(parts, mapped, integration);
  exchange.notes.integrationLatencyMs = Math.round(clock.monotonic() - from);
  return mappedAnswer(exchange, answer, integration.ResponseParameters);
}

function refusal(exchange: Exchange, { status, message, headers = [], why }: Refused): HttpAnswer {
  exchange.notes.authorizerError = why;
  const answer = own(exchange, status, message);
  return { ...answer, headers: [...answer.headers, ...headers] };
}

/** What API Gateway says itself. */
function own({ notes }: Exchange, status: number, message: string): HttpAnswer {
  notes.errorMessage = message;
  return messageAnswer(status, message);
}
