import type { AuthorizerDocument, RestApiRecord } from '../../store/restapis/rest-record.ts';
import { functionOf, withoutStageVariables } from './integration-uri.ts';
import { badRequest, conflict, tooMany } from './parts.ts';

const authorizersMax = 10;
const ttlSecondsMax = 3600;
const headerSource = /^method\.request\.header\.[^\s,.]+$/;
const requestSource = /^(method\.request\.(header|querystring)\.[^\s,]+|stageVariables\.\w+|context\.[\w.]+)$/;

/** Whether an authorizer may be among those of its API; `record` is without it. */
export function checkAuthorizer(record: RestApiRecord, authorizer: AuthorizerDocument): void {
  const { name = '', type, authorizerResultTtlInSeconds: ttl = 300 } = authorizer;
  if (name === '') throw badRequest('Authorizer name must not be empty');
  if (record.authorizers.length >= authorizersMax) throw tooMany('Authorizers for this API', authorizersMax);
  if (record.authorizers.some((other) => other.name === name)) {
    throw conflict('Authorizer name must be unique. Authorizer with that name already exists in this RestApi.');
  }
  if (ttl < 0 || ttl > ttlSecondsMax) throw badRequest('Authorizer result TTL must be between 0 and 3600 seconds');
  checkValidation(authorizer.identityValidationExpression);
  if (type === 'COGNITO_USER_POOLS') return checkPools(authorizer);
  const uri = withoutStageVariables(authorizer.authorizerUri ?? '');
  if (functionOf(uri) === undefined) throw badRequest('Invalid Authorizer URI specified');
  checkSources(authorizer, ttl);
}

function checkSources({ type, identitySource = '' }: AuthorizerDocument, ttl: number): void {
  if (type === 'TOKEN') {
    if (!headerSource.test(identitySource)) throw badRequest('Invalid Authorizer identity source specified');
    return;
  }
  const sources = sourcesOf(identitySource);
  if (sources.some((each) => !requestSource.test(each)))
    throw badRequest('Invalid Authorizer identity source specified');
  if (ttl > 0 && sources.length === 0) {
    throw badRequest('Identity source is required when the result of a REQUEST authorizer is cached');
  }
}

/**
 * A pool is an ARN, as on AWS; here it may be the URL of an issuer as well, since pools of Cognito are not where this
 * server is.
 */
function checkPools({ providerARNs = [], identitySource = '' }: AuthorizerDocument): void {
  if (providerARNs.length === 0)
    throw badRequest('Authorizers of type COGNITO_USER_POOLS need at least one provider ARN');
  for (const provider of providerARNs) {
    if (issuerOf(provider) === undefined) throw badRequest(`Invalid Cognito ARN specified: ${provider}`);
  }
  if (identitySource !== '' && !headerSource.test(identitySource)) {
    throw badRequest('Invalid Authorizer identity source specified');
  }
}

/** Where a pool's tokens are from. */
export function issuerOf(provider: string): string | undefined {
  if (/^https?:\/\//.test(provider) && URL.canParse(provider)) return provider;
  const { region, pool } =
    /^arn:aws[a-z-]*:cognito-idp:(?<region>[a-z0-9-]+):\d{12}:userpool\/(?<pool>[\w-]+)$/.exec(provider)?.groups ?? {};
  return region === undefined ? undefined : `https://cognito-idp.${region}.amazonaws.com/${pool}`;
}

export function sourcesOf(identitySource = ''): string[] {
  return identitySource
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

function checkValidation(expression: string | undefined): void {
  try {
    if (expression !== undefined) new RegExp(expression);
  } catch {
    throw badRequest('Invalid identity validation expression specified');
  }
}
