/** Events of WebSocket APIs (reference: lambda-semantics 6.9). */
import { eventTime } from '../../http/event-time.ts';
import { writtenHeaders } from '../../http/forwarded.ts';
import { byName, headerOf, lasts, queryPairs } from '../../http/http-call.ts';
import type { Exchange } from '../exchange.ts';

export function connectEvent(exchange: Exchange): object {
  const { call, stage } = exchange;
  const query = byName(queryPairs(call.query));
  const variables = Object.keys(stage.StageVariables ?? {}).length > 0 ? stage.StageVariables : undefined;
  return {
    ...headersOf(exchange),
    queryStringParameters: query.size === 0 ? undefined : lasts(query),
    multiValueQueryStringParameters: query.size === 0 ? undefined : Object.fromEntries(query),
    requestContext: contextOf(exchange, { eventType: 'CONNECT' }),
    stageVariables: variables,
    isBase64Encoded: false,
  };
}

export function messageEvent(exchange: Exchange, messageId: string, binary: boolean): object {
  const { call, stage } = exchange;
  const variables = Object.keys(stage.StageVariables ?? {}).length > 0 ? stage.StageVariables : undefined;
  return {
    requestContext: contextOf(exchange, { messageId, eventType: 'MESSAGE' }),
    stageVariables: variables,
    body: call.body.toString(binary ? 'base64' : 'utf8'),
    isBase64Encoded: binary,
  };
}

export function disconnectEvent(exchange: Exchange, disconnectStatusCode: number, disconnectReason: string): object {
  return {
    ...headersOf(exchange),
    requestContext: contextOf(exchange, { disconnectStatusCode, eventType: 'DISCONNECT', disconnectReason }),
    isBase64Encoded: false,
  };
}

function headersOf({ call, trace }: Exchange) {
  const headers = writtenHeaders(call, trace);
  return { headers: lasts(headers), multiValueHeaders: Object.fromEntries(headers) };
}

function contextOf(
  { record, stage, route, call, host, requestId, startedAt, connection, authorised }: Exchange,
  more: object,
) {
  const found = authorised !== undefined && 'lambda' in authorised ? authorised : undefined;
  return {
    routeKey: route.RouteKey,
    ...more,
    authorizer: found && { principalId: found.principalId, ...found.lambda },
    extendedRequestId: requestId,
    requestTime: eventTime(startedAt),
    messageDirection: 'IN',
    stage: stage.StageName,
    connectedAt: connection?.connectedAt,
    requestTimeEpoch: startedAt,
    identity: { sourceIp: call.sourceIp, userAgent: headerOf(call, 'user-agent') },
    requestId,
    domainName: host,
    connectionId: connection?.id,
    apiId: record.id,
  };
}
