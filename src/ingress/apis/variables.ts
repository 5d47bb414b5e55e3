/** `$context.…` and `$stageVariables.…`, as mappings, identity sources and access logs name them. */
import { eventTime } from '../http/event-time.ts';
import { headerOf } from '../http/http-call.ts';
import { type Exchange, visiblePath } from './exchange.ts';

/** Texts alone; undefined for what there is not. */
export function variableOf(exchange: Exchange, name: string): string | undefined {
  if (name.startsWith('stageVariables.'))
    return own(exchange.stage.StageVariables, name.slice('stageVariables.'.length));
  return name.startsWith('context.') ? contextOf(exchange, name.slice('context.'.length)) : undefined;
}

function contextOf(exchange: Exchange, name: string): string | undefined {
  const { record, stage, route, call, host, requestId, startedAt, notes } = exchange;
  if (name.startsWith('authorizer.')) return authorizerOf(exchange, name.slice('authorizer.'.length));
  if (name.startsWith('identity.')) return identityOf(exchange, name.slice('identity.'.length));
  const values: Readonly<Record<string, string | number | undefined>> = {
    accountId: record.accountId,
    apiId: record.id,
    domainName: host,
    domainPrefix: record.id,
    extendedRequestId: requestId,
    httpMethod: call.method,
    path: visiblePath(exchange),
    protocol: call.protocol,
    requestId,
    requestTime: eventTime(startedAt),
    requestTimeEpoch: startedAt,
    routeKey: route.RouteKey,
    stage: stage.StageName,
    'error.message': notes.errorMessage,
    'error.messageString': notes.errorMessage === undefined ? undefined : JSON.stringify(notes.errorMessage),
    'integration.error': notes.integrationError,
    'integration.integrationStatus': notes.integrationStatus,
    'integration.latency': notes.integrationLatencyMs,
    'integration.requestId': notes.integrationRequestId,
    'integration.status': notes.integrationStatus,
    awsEndpointRequestId: notes.integrationRequestId,
    integrationErrorMessage: notes.integrationError,
    integrationLatency: notes.integrationLatencyMs,
    integrationStatus: notes.integrationStatus,
  };
  const value = own(values, name);
  return value === undefined ? undefined : String(value);
}

function authorizerOf({ authorised, notes }: Exchange, name: string): string | undefined {
  if (name === 'error') return notes.authorizerError;
  if (authorised === undefined || 'iam' in authorised) return undefined;
  if ('jwt' in authorised) {
    return name.startsWith('claims.') ? own(authorised.jwt.claims, name.slice('claims.'.length)) : undefined;
  }
  if (name === 'principalId') return authorised.principalId;
  const value = own(authorised.lambda, name);
  return value === undefined ? undefined : String(value);
}

function identityOf({ call, authorised }: Exchange, name: string): string | undefined {
  if (name === 'sourceIp') return call.sourceIp;
  if (name === 'userAgent') return headerOf(call, 'user-agent');
  const iam = authorised !== undefined && 'iam' in authorised ? authorised.iam : {};
  const value = own(iam, ({ user: 'userId', caller: 'callerId' } as Record<string, string>)[name] ?? name);
  return typeof value === 'string' ? value : undefined;
}

function own<T>(values: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return values !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;
}
