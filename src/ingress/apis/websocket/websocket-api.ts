/** The way of a WebSocket: who may connect, what its messages are for, and that it is over. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { emptyBody } from '../../../aws/wire.ts';
import { traceHeader } from '../../../lambda/invoke/trace-header.ts';
import type { ApiRecord, RouteDocument } from '../../../store/apis/api-record.ts';
import { type HttpAnswer, isHeader, messageAnswer } from '../../http/answer.ts';
import { answerV1 } from '../../http/function-answer.ts';
import type { FunctionCallResult } from '../../http/function-call.ts';
import { callHead, headerOf } from '../../http/http-call.ts';
import { WebSocketConnection } from '../../websocket/connection.ts';
import { acceptHandshake, handshakeKey, refuseHandshake } from '../../websocket/handshake.ts';
import { logAccess } from '../access-log.ts';
import { check } from '../authorizers/authorizers.ts';
import { deployedOn, integrationOf } from '../deployed.ts';
import type { Exchange } from '../exchange.ts';
import { integrationResult } from '../function-integration.ts';
import type { HttpApiParts } from '../http-api.ts';
import { jsonPath } from '../json-path.ts';
import { type ApiAddress, stagePart } from '../where.ts';
import type { Connections } from './connections.ts';
import { connectEvent, disconnectEvent, messageEvent } from './event.ts';

export interface WebSocketApiParts extends HttpApiParts {
  readonly connections: Connections;
}

/** AWS's, but for the last two. */
const limits = {
  frameBytesMax: 32 * 1024,
  messageBytesMax: 128 * 1024,
  idleMsMax: 10 * 60_000,
  lifeMsMax: 2 * 3_600_000,
  messagesMax: 8,
  unsentBytesMax: 1024 * 1024,
};

export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What came with the request. */
  readonly head: Buffer;
  readonly record: ApiRecord | undefined;
  readonly address: ApiAddress;
}

/** What its own work fails of is answered too. */
export async function openWebSocket(parts: WebSocketApiParts, upgrade: Upgrade): Promise<void> {
  const { request, socket } = upgrade;
  // Without a listener, a client that goes away meanwhile would be an uncaught error.
  socket.on('error', () => socket.destroy());
  const key = handshakeKey(request);
  const exchange = arrived(parts, upgrade);
  if (exchange === undefined) return refuseHandshake(socket, messageAnswer(403, 'Forbidden'));
  if (key === undefined) return refuseHandshake(socket, badHandshake());
  if (parts.connections.isFull) return refuseHandshake(socket, messageAnswer(429, 'Too Many Requests'));
  const connected = await connect(parts, exchange).catch((error) => failed(parts, exchange, error));
  if ('answer' in connected) {
    refuseHandshake(socket, connected.answer);
    logAccess(parts.accessLog, exchange, connected.answer, parts.clock.now());
    return;
  }
  // It went while its function was asked.
  if (socket.destroyed) return;
  acceptHandshake(socket, key, connected.protocol);
  serve(parts, connected.exchange, upgrade);
  logAccess(parts.accessLog, connected.exchange, { ...messageAnswer(101, ''), body: emptyBody }, parts.clock.now());
}

function badHandshake(): HttpAnswer {
  const answer = messageAnswer(400, 'Bad Request');
  return { ...answer, headers: [...answer.headers, ['Sec-WebSocket-Version', '13']] };
}

function arrived(parts: WebSocketApiParts, { record, address, request }: Upgrade): Exchange | undefined {
  const { first, rest } = stagePart(address.path);
  const name = address.stageName ?? first;
  const path = address.stageName === undefined ? rest : address.path;
  const stage = record?.stages.find(({ StageName }) => StageName === name);
  const deployed = record && stage && deployedOn(record, stage);
  if (record === undefined || stage === undefined || deployed === undefined || path !== '/') return undefined;
  const call = { ...callHead(request), body: emptyBody };
  const connectedAt = parts.clock.now();
  return {
    ...{ record, stage, deployed, call, path, pathParameters: {}, notes: {} },
    host: headerOf(call, 'host') ?? '',
    requestId: shortId(parts),
    trace: traceHeader(headerOf(call, 'x-amzn-trace-id'), parts),
    startedAt: connectedAt,
    route: routeOf(deployed.snapshot.routes, '$connect') ?? { RouteKey: '$connect' },
    connection: { id: shortId(parts), connectedAt },
  };
}

/** As API Gateway's ids look: eleven bytes in base64. */
function shortId({ random }: WebSocketApiParts): string {
  return Buffer.from(random.hex(11), 'hex').toString('base64').replaceAll('/', '-').replaceAll('+', '_');
}

function routeOf(routes: readonly RouteDocument[], key: string): RouteDocument | undefined {
  return routes.find(({ RouteKey }) => RouteKey === key);
}

type Connected =
  | { readonly exchange: Exchange; readonly protocol: string | undefined }
  | { readonly answer: HttpAnswer };

/** Without a route for it, everybody may connect. */
async function connect(parts: WebSocketApiParts, exchange: Exchange): Promise<Connected> {
  if (!parts.throttle.admits(exchange)) return refusal(exchange, 429, 'Too Many Requests');
  const checked = await check(parts.authorizers, exchange);
  if (checked.kind === 'refused') return refusal(exchange, checked.status, checked.message);
  const known = { ...exchange, authorised: checked.authorised };
  const integration = integrationOf(exchange.deployed.snapshot, exchange.route);
  if (integration === undefined) return { exchange: known, protocol: undefined };
  const event = connectEvent(known);
  const answer = answerOf(await integrationResult(parts, known, { integration, event }));
  if (answer === undefined) return refusal(exchange, 502, 'Internal server error');
  if (answer.status >= 300) return { answer };
  const protocol = headerOf(answer, 'sec-websocket-protocol');
  const usable = protocol !== undefined && isHeader('sec-websocket-protocol', protocol);
  return { exchange: known, protocol: usable ? protocol : undefined };
}

/** A function that answers nothing at all has no objection. */
function answerOf(result: FunctionCallResult): HttpAnswer | undefined {
  if (result.kind !== 'success') return undefined;
  return result.payload.toString() === 'null' ? messageAnswer(200, '') : answerV1(result.payload);
}

function refusal({ connection, requestId, notes }: Exchange, status: number, message: string): { answer: HttpAnswer } {
  notes.errorMessage = message;
  const body = Buffer.from(JSON.stringify({ message, connectionId: connection?.id, requestId }));
  return { answer: { ...messageAnswer(status, message), body } };
}

function failed(parts: WebSocketApiParts, exchange: Exchange, error: unknown): { answer: HttpAnswer } {
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  parts.log.error('A WebSocket failed inside the server', { requestId: exchange.requestId, why });
  return refusal(exchange, 500, 'Internal server error');
}

function serve(parts: WebSocketApiParts, exchange: Exchange, { socket, head }: Upgrade): void {
  const id = exchange.connection?.id ?? '';
  const connection = new WebSocketConnection({
    ...{ socket, first: head, clock: parts.clock, limits },
    message: (data, binary) => receive(parts, id, data, binary),
    closed(code, reason) {
      const open = parts.connections.remove(id);
      if (open !== undefined) void disconnected(parts, open.exchange, code, reason);
    },
  });
  parts.connections.add(id, { exchange, socket: connection });
}

async function receive(parts: WebSocketApiParts, id: string, data: Buffer, binary: boolean): Promise<void> {
  const open = parts.connections.get(id);
  if (open === undefined) return;
  const exchange = following(parts, open.exchange, data, binary);
  if (exchange === undefined) return open.socket.close(1001, 'Going away');
  const said = await messageAnswerOf(parts, exchange, binary).catch((error) => {
    const { answer } = failed(parts, exchange, error);
    return answer.body;
  });
  if (said !== undefined) open.socket.send(said, 'text');
  const status = exchange.notes.errorMessage === undefined ? 200 : 500;
  logAccess(parts.accessLog, exchange, { ...messageAnswer(status, ''), body: said ?? emptyBody }, parts.clock.now());
}

/** By what is deployed now; nothing once its API or stage is gone. */
function following(parts: WebSocketApiParts, first: Exchange, body: Buffer, binary: boolean): Exchange | undefined {
  const record = parts.apis.get(first.record.id);
  const stage = record?.stages.find(({ StageName }) => StageName === first.stage.StageName);
  const deployed = record && stage && deployedOn(record, stage);
  if (record === undefined || stage === undefined || deployed === undefined) return undefined;
  const { routes } = deployed.snapshot;
  const key = binary ? undefined : selectedKey(record, body);
  // What a client says is no way to the routes that are API Gateway's own.
  const named = key === undefined || key.startsWith('$') ? undefined : routeOf(routes, key);
  const route = named ?? routeOf(routes, '$default') ?? { RouteKey: undefined };
  const call = { ...first.call, body };
  const ids = { requestId: shortId(parts), trace: traceHeader(undefined, parts), startedAt: parts.clock.now() };
  return { ...first, ...ids, record, stage, deployed, route, call, notes: {} };
}

/** `$request.body.action` of a message. */
function selectedKey({ api }: ApiRecord, body: Buffer): string | undefined {
  const path = /request\.body(.+?)\}?$/.exec(api.RouteSelectionExpression ?? '')?.[1];
  return path === undefined ? undefined : jsonPath(body.toString(), path);
}

/** What goes back to whoever sent it: an error, or what a two-way route answers. */
async function messageAnswerOf(
  parts: WebSocketApiParts,
  exchange: Exchange,
  binary: boolean,
): Promise<Buffer | undefined> {
  const { route, deployed } = exchange;
  if (route.RouteKey === undefined) return refusal(exchange, 403, 'Forbidden').answer.body;
  if (!parts.throttle.admits(exchange)) return refusal(exchange, 429, 'Too Many Requests').answer.body;
  const integration = integrationOf(deployed.snapshot, route);
  if (integration === undefined) return refusal(exchange, 500, 'Internal server error').answer.body;
  const event = messageEvent(exchange, shortId(parts), binary);
  const result = await integrationResult(parts, exchange, { integration, event });
  if (result.kind !== 'success') return refusal(exchange, 500, 'Internal server error').answer.body;
  const { routeResponses = [] } = deployed.snapshot;
  const twoWay = route.RouteResponseSelectionExpression === '$default';
  if (!twoWay || !routeResponses.some(({ routeId }) => routeId === route.RouteId)) return undefined;
  const answer = answerV1(result.payload);
  return answer === undefined ? refusal(exchange, 500, 'Internal server error').answer.body : answer.body;
}

/** Told once and not again, whether its function succeeds or not. */
async function disconnected(parts: WebSocketApiParts, first: Exchange, code: number, reason: string): Promise<void> {
  const now = following(parts, first, emptyBody, true);
  const route = now && routeOf(now.deployed.snapshot.routes, '$disconnect');
  const integration = route && integrationOf(now.deployed.snapshot, route);
  if (now === undefined || route === undefined || integration === undefined) return;
  const exchange = { ...now, route };
  const event = disconnectEvent(exchange, code, reason);
  await integrationResult(parts, exchange, { integration, event }).catch((error) => failed(parts, exchange, error));
}
