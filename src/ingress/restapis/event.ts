/** Payload format 1.0 as REST APIs send it (reference: lambda-semantics 6.6). */
import { writtenHeaders } from '../http/forwarded.ts';
import { byName, headerOf, lasts, queryPairs } from '../http/http-call.ts';
import { authorizerOf, contextOf, identityOf } from './context.ts';
import { type Exchange, fullPath } from './exchange.ts';
import { isBinaryType } from './media-types.ts';

/** Where nobody has said anything there is null, and not nothing. */
export function restEvent(exchange: Exchange): object {
  return { ...requestFields(exchange), ...bodyFields(exchange) };
}

/** All but the body: authorizers get this much. */
export function requestFields(exchange: Exchange): object {
  const { call, resource, path, pathParameters, stageVariables, trace } = exchange;
  const headers = writtenHeaders(call, trace);
  const query = byName(queryPairs(call.query));
  return {
    resource: resource.path,
    path,
    httpMethod: call.method,
    headers: lasts(headers),
    multiValueHeaders: Object.fromEntries(headers),
    queryStringParameters: query.size === 0 ? null : lasts(query),
    multiValueQueryStringParameters: query.size === 0 ? null : Object.fromEntries(query),
    pathParameters: orNull(pathParameters),
    stageVariables: orNull(stageVariables),
    requestContext: requestContext(exchange),
  };
}

function requestContext(exchange: Exchange): object {
  const values = contextOf(exchange);
  const authorizer = authorizerOf(exchange.authorised);
  return {
    resourceId: values.resourceId,
    ...(authorizer === undefined ? {} : { authorizer }),
    resourcePath: values.resourcePath,
    httpMethod: values.httpMethod,
    extendedRequestId: values.extendedRequestId,
    requestTime: values.requestTime,
    path: fullPath(exchange),
    accountId: values.accountId,
    protocol: values.protocol,
    stage: values.stage,
    domainPrefix: values.domainPrefix,
    requestTimeEpoch: values.requestTimeEpoch,
    requestId: values.requestId,
    identity: identityOf(exchange),
    domainName: values.domainName,
    deploymentId: values.deploymentId,
    apiId: values.apiId,
  };
}

function bodyFields({ call, content }: Exchange): { body: string | null; isBase64Encoded: boolean } {
  if (call.body.length === 0) return { body: null, isBase64Encoded: false };
  const binary = isBinaryType(content.api.binaryMediaTypes, headerOf(call, 'content-type'));
  return { body: call.body.toString(binary ? 'base64' : 'utf8'), isBase64Encoded: binary };
}

function orNull<T extends object>(texts: T): T | null {
  return Object.keys(texts).length > 0 ? texts : null;
}
