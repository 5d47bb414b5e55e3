import type { ApiRecord, RouteDocument } from '../../store/apis/api-record.ts';
import { badRequest, conflict, notFound, tooMany } from './parts.ts';
import { parseRouteKey } from './route-key.ts';

const routesMax = 300;

/** Whether a route may be among those of its API; `record` is without it. */
export function checkRoute(record: ApiRecord, route: RouteDocument): void {
  const websocket = record.api.ProtocolType === 'WEBSOCKET';
  const { RouteKey = '', Target, AuthorizationType = 'NONE' } = route;
  if (record.routes.length >= routesMax) throw tooMany('Routes per API', routesMax);
  if (websocket) checkWebSocketKey(RouteKey);
  else checkHttpRoute(route);
  if (record.routes.some((other) => other.RouteKey === RouteKey)) {
    throw conflict(`Route with key ${RouteKey} already exists for this API`);
  }
  if (Target !== undefined) checkTarget(record, Target);
  if (websocket && RouteKey !== '$connect' && AuthorizationType !== 'NONE') {
    throw badRequest('Authorization is only supported on the $connect route');
  }
  checkAuthorization(record, route);
}

function checkWebSocketKey(key: string): void {
  if (key === '' || key.length > 128) throw badRequest('Invalid route key: it must have from 1 to 128 characters');
}

function checkHttpRoute({ RouteKey = '', ApiKeyRequired, RequestModels, RequestParameters }: RouteDocument): void {
  if (parseRouteKey(RouteKey) === undefined) {
    throw badRequest(
      'The provided route key is not formatted properly for HTTP protocol. Format should be "<HTTP METHOD> /<RESOURCE PATH>" or "$default"',
    );
  }
  if (ApiKeyRequired) throw badRequest('ApiKeyRequired is not currently supported for HTTP APIs');
  if (RequestModels !== undefined || RequestParameters !== undefined) {
    throw badRequest('Request models and request parameters are not currently supported for HTTP APIs');
  }
}

function checkTarget({ integrations }: ApiRecord, target: string): void {
  const id = /^integrations\/([\w-]+)$/.exec(target)?.[1];
  if (id === undefined) throw badRequest(`Invalid target: ${target}; it must be integrations/<integration id>`);
  if (!integrations.some(({ IntegrationId }) => IntegrationId === id)) throw notFound('Integration', id);
}

function checkAuthorization({ api, authorizers }: ApiRecord, route: RouteDocument): void {
  const { AuthorizationType: type = 'NONE', AuthorizerId, AuthorizationScopes } = route;
  if (type === 'JWT' && api.ProtocolType === 'WEBSOCKET') {
    throw badRequest('JWT authorization is not supported for WebSocket APIs');
  }
  if ((AuthorizationScopes ?? []).length > 0 && type !== 'JWT') {
    throw badRequest('Authorization scopes can only be configured with JWT authorization');
  }
  const wanted = { JWT: 'JWT', CUSTOM: 'REQUEST' }[String(type)];
  if (wanted === undefined) {
    if (AuthorizerId !== undefined) throw badRequest(`An authorizer cannot be set with authorization type ${type}`);
    return;
  }
  const authorizer = authorizers.find((each) => each.AuthorizerId === AuthorizerId);
  if (authorizer === undefined) throw notFound('Authorizer', AuthorizerId);
  if (authorizer.AuthorizerType !== wanted) {
    throw badRequest(`Authorization type ${type} needs an authorizer of type ${wanted}`);
  }
}
