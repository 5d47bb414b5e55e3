/** One request to an HTTP API on its way: where it has arrived, and what was found out about it. */
import type { ApiRecord, RouteDocument, StageDocument } from '../../store/apis/api-record.ts';
import type { Authorised, EventPlace } from '../http/event-v2.ts';
import { decoded, type HttpCall } from '../http/http-call.ts';
import type { Deployed } from './deployed.ts';

export interface Exchange {
  readonly record: ApiRecord;
  readonly stage: StageDocument;
  readonly deployed: Deployed;
  /** Its body is empty until somebody needs it. */
  readonly call: HttpCall;
  /** As sent, without the stage. */
  readonly path: string;
  readonly host: string;
  readonly requestId: string;
  readonly trace: string;
  readonly startedAt: number;
  readonly route: RouteDocument;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly authorised?: Authorised | undefined;
  /** Of a WebSocket API. */
  readonly connection?: ConnectionIdentity;
  /** For the access log alone. */
  readonly notes: Notes;
}

export interface ConnectionIdentity {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly connectedAt: number;
}

/** What happened, told by whoever knows it first. */
export interface Notes {
  integrationStatus?: number;
  integrationLatencyMs?: number;
  integrationError?: string;
  integrationRequestId?: string;
  authorizerError?: string;
  /** What API Gateway itself answered with. */
  errorMessage?: string;
}

/** As a function sees it: decoded, with the stage where that is in the path. */
export function visiblePath({ stage, path }: Pick<Exchange, 'stage' | 'path'>): string {
  const { StageName } = stage;
  return StageName === '$default' ? decoded(path) : `/${StageName}${decoded(path)}`;
}

export function eventPlace(exchange: Exchange): EventPlace {
  const { record, stage, route, host, requestId, startedAt, trace, pathParameters, authorised } = exchange;
  return {
    accountId: record.accountId,
    apiId: record.id,
    domainName: host,
    stage: stage.StageName ?? '',
    routeKey: route.RouteKey ?? '',
    path: visiblePath(exchange),
    requestId,
    now: startedAt,
    trace,
    pathParameters,
    stageVariables: stage.StageVariables,
    authorizer: authorised,
  };
}

/** What callers ask for: the method and the path of this very request, or the route of a WebSocket. */
export function routeArn(exchange: Exchange): string {
  const { call, path, connection, route } = exchange;
  return stageArn(exchange, connection === undefined ? `${call.method}${decoded(path)}` : (route.RouteKey ?? ''));
}

/** What functions' policies name: `…:api/stage/METHOD/path`, the path as its route has it; of a WebSocket the route's key. */
export function sourceArn(exchange: Exchange): string {
  const key = exchange.route.RouteKey ?? '';
  if (exchange.connection !== undefined) return stageArn(exchange, key);
  const [method = '', path = ''] = key.split(' ');
  return stageArn(exchange, path === '' ? method : `${method === 'ANY' ? '*' : method}${path}`);
}

/** Of something below a stage. */
export function stageArn({ record, stage }: Pick<Exchange, 'record' | 'stage'>, below: string): string {
  const { accountId, region, id } = record;
  return `arn:aws:execute-api:${region}:${accountId}:${id}/${stage.StageName}/${below}`;
}
