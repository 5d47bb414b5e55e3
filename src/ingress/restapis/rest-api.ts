/**
 * The way of one request to a REST API: which stage and deployment, which method, how many may come, who may, with which
 * key, what a request must have, the integration, the answer.
 */
import { emptyBody } from '../../aws/wire.ts';
import { traceHeader } from '../../lambda/invoke/trace-header.ts';
import type { FunctionLog } from '../../observe/function-log.ts';
import type { Log } from '../../observe/log.ts';
import type { RestApiRecord, StageDocument } from '../../store/restapis/rest-record.ts';
import { type ApiAddress, stagePart } from '../apis/where.ts';
import type { Incoming } from '../body.ts';
import { withoutOrigin } from '../guard.ts';
import { type HttpAnswer, sendAnswer, sendStream } from '../http/answer.ts';
import { callBody, callHead, headerOf } from '../http/http-call.ts';
import type { Proxied } from '../http/outgoing-call.ts';
import type { Outgoing } from '../respond.ts';
import { type Streaming, streamAnswer } from '../url/stream.ts';
import { logAccess } from './access-log.ts';
import { authorised, type RestAuthorizers } from './authorizers/authorizers.ts';
import { packed, unpackedCall } from './compression.ts';
import type { Arrival, Exchange } from './exchange.ts';
import {
  configurationError,
  GatewayFailure,
  malformedAnswer,
  missingToken,
  requestTooLarge,
  throttled,
} from './failure.ts';
import type { CustomParts } from './function-custom.ts';
import { gatewayAnswer } from './gateway-answer.ts';
import { integrated } from './integration.ts';
import { checkKey, type KeyParts } from './keys.ts';
import { methodFor, resourceFor } from './resource-tree.ts';
import { admitsMethod } from './throttle.ts';
import { validateRequest } from './validation.ts';

export interface RestApiParts extends CustomParts, KeyParts {
  readonly accessLog: FunctionLog;
  readonly log: Log;
  readonly authorizers: RestAuthorizers;
}

export interface RestRequest {
  readonly record: RestApiRecord;
  readonly address: ApiAddress;
  readonly request: Incoming;
}

const bodyBytesMax = 10 * 1024 * 1024;

/** Answers by itself, whatever happens; never rejects. */
export async function answerRestApi(parts: RestApiParts, asked: RestRequest, response: Outgoing): Promise<void> {
  const { request, address } = asked;
  const arrival = arrived(parts, asked);
  if (arrival === undefined) return sendAnswer(response, request, noStage(parts));
  const { answer, at } = await answered(parts, arrival, () => callBody(request, bodyBytesMax));
  const finished = (bare: HttpAnswer) => {
    logAccess(parts.accessLog, at, bare, parts.clock.now());
    const others = bare.headers.filter(([name]) => !/^(x-amzn-requestid|x-amz-apigw-id|x-amzn-trace-id)$/i.test(name));
    return { ...bare, headers: [...idHeaders(arrival), ...others, ...sandboxed(address)] };
  };
  if (!('kind' in answer)) return sendAnswer(response, request, finished(answer));
  if (answer.kind === 'proxied') return sendStream(response, request, finished(answer.head), answer.body);
  if (await streamAnswer(answer, response, finished)) return;
  sendAnswer(response, request, finished(told(parts, at, malformedAnswer('Malformed streaming response'))));
}

function arrived(parts: RestApiParts, { record, address, request }: RestRequest): Arrival | undefined {
  const place = placeOf(record, address);
  if (place === undefined) return undefined;
  const { stage, path } = place;
  const { percentTraffic = 0, deploymentId: canary, stageVariableOverrides } = stage.canarySettings ?? {};
  const isCanary = canary !== undefined && parts.random.fraction() * 100 < percentTraffic;
  const deployment = parts.rest.deployments.get(`${record.id}/${isCanary ? canary : stage.deploymentId}`);
  if (deployment === undefined) return undefined;
  const call = { ...callHead(request), body: emptyBody };
  return {
    record,
    stage,
    deployment,
    content: deployment.content,
    isCanary,
    stageVariables: { ...stage.variables, ...(isCanary ? stageVariableOverrides : {}) },
    call,
    path,
    host: headerOf(call, 'host') ?? '',
    requestId: parts.random.uuid(),
    extendedRequestId: Buffer.from(parts.random.hex(11), 'hex').toString('base64'),
    trace: traceHeader(headerOf(call, 'x-amzn-trace-id'), parts),
    startedAt: parts.clock.now(),
    notes: {},
  };
}

function placeOf(record: RestApiRecord, address: ApiAddress): { stage: StageDocument; path: string } | undefined {
  const { first, rest } =
    address.stageName === undefined ? stagePart(address.path) : { first: address.stageName, rest: address.path };
  const stage = record.stages.find(({ stageName }) => stageName === first);
  return stage && { stage, path: rest };
}

type ReadBody = () => Promise<Buffer | 'too-large'>;

interface Answered {
  readonly answer: HttpAnswer | Streaming | Proxied;
  /** As far as the request came. */
  readonly at: Arrival | Exchange;
}

async function answered(parts: RestApiParts, arrival: Arrival, read: ReadBody): Promise<Answered> {
  let at: Arrival | Exchange = arrival;
  try {
    const matched = matchedMethod(arrival);
    at = matched;
    if (!admitsMethod(parts.buckets, matched)) throw throttled();
    const whole = await withBody(matched, read);
    const known = { ...whole, authorised: await authorised(parts.authorizers, whole) };
    at = known;
    const keyed = { ...known, key: checkKey(parts, known) };
    at = keyed;
    validateRequest(keyed);
    const answer = await integrated(parts, keyed);
    if ('kind' in answer) return { answer, at };
    return { answer: await packed(answer, keyed.call, keyed.content.api.minimumCompressionSize), at };
  } catch (error) {
    return { answer: told(parts, at, error), at };
  }
}

function matchedMethod(arrival: Arrival): Exchange {
  const match = resourceFor(arrival.content, arrival.path);
  const method = match && methodFor(match.resource, arrival.call.method);
  if (match === undefined || method === undefined) throw missingToken();
  return { ...arrival, ...match, method };
}

async function withBody(exchange: Exchange, read: ReadBody): Promise<Exchange> {
  const body = await read();
  if (body === 'too-large') throw requestTooLarge();
  const { minimumCompressionSize } = exchange.content.api;
  const call = await unpackedCall({ ...exchange.call, body }, minimumCompressionSize, bodyBytesMax);
  return { ...exchange, call };
}

function told({ log }: RestApiParts, at: Arrival | Exchange, error: unknown): HttpAnswer {
  if (error instanceof GatewayFailure) return gatewayAnswer(at, error);
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log.error('A request to a REST API failed inside the server', { requestId: at.requestId, why });
  return gatewayAnswer(at, configurationError('The server failed'));
}

function idHeaders({ requestId, extendedRequestId, trace }: Arrival): [string, string][] {
  return [
    ['x-amzn-RequestId', requestId],
    ['x-amz-apigw-id', extendedRequestId],
    ['X-Amzn-Trace-Id', trace],
  ];
}

/** A page under a path of this server would be of one origin with the AWS API, which believes its own origin. */
function sandboxed({ stageName }: ApiAddress): HttpAnswer['headers'] {
  return stageName === undefined ? [] : [['content-security-policy', withoutOrigin]];
}

/** Not even an API's own gateway responses are known then. */
export function noStage({ random }: Pick<RestApiParts, 'random'>): HttpAnswer {
  return {
    status: 403,
    headers: [
      ['content-type', 'application/json'],
      ['x-amzn-RequestId', random.uuid()],
      ['x-amzn-ErrorType', 'ForbiddenException'],
    ],
    body: Buffer.from('{"message":"Forbidden"}'),
  };
}
