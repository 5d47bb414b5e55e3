/** Payload format 1.0 as HTTP APIs send it: that of REST APIs, with a version (reference: lambda-semantics 6.6, 6.7). */
import { eventBody } from './event-body.ts';
import { eventTime } from './event-time.ts';
import type { Authorised, EventPlace } from './event-v2.ts';
import { forwardedHeaders } from './forwarded.ts';
import { byName, type HttpCall, headerOf, lasts, queryPairs } from './http-call.ts';

/** Where nobody has said anything there is null, and not nothing. */
export function eventV1(call: HttpCall, place: EventPlace): object {
  const headers = byName(forwardedHeaders(call, place.trace));
  const query = byName(queryPairs(call.query));
  const { body = null, isBase64Encoded } = eventBody(call);
  return {
    version: '1.0',
    resource: resourceOf(place.routeKey),
    path: place.path,
    httpMethod: call.method,
    headers: lasts(headers),
    multiValueHeaders: Object.fromEntries(headers),
    queryStringParameters: query.size === 0 ? null : lasts(query),
    multiValueQueryStringParameters: query.size === 0 ? null : Object.fromEntries(query),
    requestContext: requestContext(call, place),
    pathParameters: orNull(place.pathParameters),
    stageVariables: orNull(place.stageVariables),
    body,
    isBase64Encoded,
  };
}

function requestContext(call: HttpCall, place: EventPlace): object {
  const { accountId, apiId, domainName, path, requestId, routeKey, stage, now } = place;
  return {
    accountId,
    apiId,
    authorizer: shownAuthorizer(place.authorizer),
    domainName,
    domainPrefix: apiId,
    extendedRequestId: requestId,
    httpMethod: call.method,
    identity: identityOf(call, place.authorizer),
    path,
    protocol: call.protocol,
    requestId,
    requestTime: eventTime(now),
    requestTimeEpoch: now,
    resourceId: routeKey,
    resourcePath: resourceOf(routeKey),
    stage,
  };
}

function shownAuthorizer(authorizer: Authorised | undefined): object {
  if (authorizer === undefined || 'iam' in authorizer) return { claims: null, scopes: null };
  if ('jwt' in authorizer) return authorizer.jwt;
  return { ...authorizer.lambda, principalId: authorizer.principalId };
}

function identityOf(call: HttpCall, authorizer: Authorised | undefined): object {
  const iam = authorizer !== undefined && 'iam' in authorizer ? authorizer.iam : {};
  return {
    accessKey: iam.accessKey ?? null,
    accountId: iam.accountId ?? null,
    caller: iam.callerId ?? null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: iam.principalOrgId ?? null,
    sourceIp: call.sourceIp,
    user: iam.userId ?? null,
    userAgent: headerOf(call, 'user-agent') ?? '',
    userArn: iam.userArn ?? null,
  };
}

function resourceOf(routeKey: string): string {
  return routeKey.slice(routeKey.indexOf(' ') + 1);
}

function orNull<T extends object>(texts: T | undefined): T | null {
  return texts !== undefined && Object.keys(texts).length > 0 ? texts : null;
}
