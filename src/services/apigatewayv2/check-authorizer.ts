import type { ApiRecord, AuthorizerDocument } from '../../store/apis/api-record.ts';
import { looksLikeFunction } from './lambda-uri.ts';
import { badRequest, checkRole, conflict, tooMany } from './parts.ts';

const authorizersMax = 10;

/** Whether an authorizer may be among those of its API; `record` is without it. */
export function checkAuthorizer(record: ApiRecord, authorizer: AuthorizerDocument): void {
  const { Name = '', AuthorizerType, IdentitySource = [] } = authorizer;
  if (Name === '' || Name.length > 128) throw badRequest('Invalid authorizer name: it has from 1 to 128 characters');
  if (record.authorizers.length >= authorizersMax) throw tooMany('Authorizers per API', authorizersMax);
  if (record.authorizers.some((other) => other.Name === Name)) throw conflict('Authorizer name must be unique');
  checkRole(authorizer.AuthorizerCredentialsArn, record.accountId);
  const websocket = record.api.ProtocolType === 'WEBSOCKET';
  const wanted = websocket ? webSocketSource : httpSource;
  for (const source of IdentitySource) {
    if (!wanted.test(source)) throw badRequest(`Invalid identity source: ${source}`);
  }
  if (AuthorizerType === 'REQUEST') checkRequest(authorizer, websocket);
  else if (websocket) throw badRequest('JWT authorizers are not supported for WebSocket APIs');
  else checkJwt(authorizer);
}

const httpSource = /^\$(request\.(header|querystring)\.[^\s,]+|context\.[\w.-]+|stageVariables\.\w+)$/;
const webSocketSource = /^(route\.request\.(header|querystring)\.[^\s,]+|context\.[\w.-]+|stageVariables\.\w+)$/;

function checkRequest(authorizer: AuthorizerDocument, websocket: boolean): void {
  const {
    AuthorizerUri,
    AuthorizerPayloadFormatVersion: version,
    EnableSimpleResponses,
    IdentitySource = [],
  } = authorizer;
  if (!looksLikeFunction(AuthorizerUri)) throw badRequest(`Invalid Authorizer URI: ${AuthorizerUri ?? ''}`);
  if (websocket) return;
  if (version !== '1.0' && version !== '2.0') {
    throw badRequest('AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer: 1.0 or 2.0');
  }
  if (EnableSimpleResponses && version !== '2.0') {
    throw badRequest('Simple responses are supported with AuthorizerPayloadFormatVersion 2.0 only');
  }
  if ((authorizer.AuthorizerResultTtlInSeconds ?? 0) > 0 && IdentitySource.length === 0) {
    throw badRequest('Authorizers whose results are cached need at least one identity source');
  }
}

function checkJwt({ JwtConfiguration, IdentitySource = [] }: AuthorizerDocument): void {
  const { Issuer = '', Audience = [] } = JwtConfiguration ?? {};
  if (IdentitySource.length !== 1) throw badRequest('JWT authorizers have one identity source');
  if (!URL.canParse(Issuer) || !/^https?:\/\//.test(Issuer)) {
    throw badRequest(`Invalid issuer: ${Issuer}. Issuer must have a valid URL`);
  }
  if (Audience.length === 0) throw badRequest('JWT authorizers need at least one audience');
}
