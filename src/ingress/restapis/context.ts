/** `$context` of a REST API, as mappings, templates, access logs and events have it. */
import { eventTime } from '../http/event-time.ts';
import { headerOf } from '../http/http-call.ts';
import { type Arrival, type Authorised, type Exchange, fullPath, isMatched } from './exchange.ts';

export interface ContextValues {
  readonly [name: string]: unknown;
}

export function contextOf(at: Arrival | Exchange): ContextValues {
  const { record, stage, deployment, call, host, requestId, extendedRequestId, startedAt, isCanary } = at;
  const matched = isMatched(at) ? at : undefined;
  return {
    accountId: record.accountId,
    apiId: record.id,
    authorizer: authorizerOf(matched?.authorised),
    deploymentId: deployment.deploymentId,
    domainName: host,
    domainPrefix: record.id,
    extendedRequestId,
    httpMethod: call.method,
    identity: identityOf(at),
    isCanaryRequest: isCanary,
    path: fullPath(at),
    protocol: call.protocol,
    requestId,
    requestTime: eventTime(startedAt),
    requestTimeEpoch: startedAt,
    resourceId: matched?.resource.id,
    resourcePath: matched?.resource.path,
    stage: stage.stageName,
    ...happened(at),
  };
}

/** What came about on the way. */
function happened({ notes }: Arrival): ContextValues {
  const { errorMessage, errorType, validationError } = notes;
  return {
    status: notes.status,
    error: {
      message: errorMessage,
      messageString: errorMessage === undefined ? undefined : JSON.stringify(errorMessage),
      responseType: errorType,
      validationErrorString: validationError,
    },
    integration: {
      error: notes.integrationError,
      integrationStatus: notes.integrationStatus,
      latency: notes.integrationLatencyMs,
      requestId: notes.integrationRequestId,
      status: notes.integrationStatus,
    },
    awsEndpointRequestId: notes.integrationRequestId,
    integrationErrorMessage: notes.integrationError,
    integrationLatency: notes.integrationLatencyMs,
    integrationStatus: notes.integrationStatus,
  };
}

/** Values are texts: AWS makes them of numbers and truths. */
export function authorizerOf(authorised: Authorised | undefined): ContextValues | undefined {
  if (authorised === undefined || authorised.kind === 'iam') return undefined;
  if (authorised.kind === 'cognito') return { claims: authorised.claims };
  const texts = Object.entries(authorised.context).map(([name, value]) => [
    name,
    value === null ? null : String(value),
  ]);
  return { ...Object.fromEntries(texts), principalId: authorised.principalId };
}

export function identityOf(at: Arrival | Exchange): ContextValues {
  const { call } = at;
  const { authorised, key } = isMatched(at) ? at : {};
  const iam = authorised?.kind === 'iam' ? authorised.identity : {};
  return {
    ...(key === undefined ? {} : { apiKey: key.value, apiKeyId: key.id }),
    accessKey: iam.accessKey ?? null,
    accountId: iam.accountId ?? null,
    caller: iam.caller ?? null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: null,
    sourceIp: call.sourceIp,
    user: iam.user ?? null,
    userAgent: headerOf(call, 'user-agent') ?? null,
    userArn: iam.userArn ?? null,
  };
}

/** `identity.sourceIp` of what is nested; undefined for what there is not. */
export function contextValue(values: ContextValues, path: string): unknown {
  let value: unknown = values;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as ContextValues)[name]; // it has this member
  }
  return value;
}

export function contextText(values: ContextValues, path: string): string | undefined {
  const value = contextValue(values, path);
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
