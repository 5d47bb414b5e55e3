/** COGNITO_USER_POOLS: a token of one of the pools, in its time; with scopes where the method wants some. */
import { issuerOf } from '../../../services/apigateway/check-authorizer.ts';
import type { AuthorizerDocument } from '../../../store/restapis/rest-record.ts';
import { type JwtParts, scopesOf, shownClaims, verifiedClaims } from '../../apis/authorizers/jwt.ts';
import { headerOf } from '../../http/http-call.ts';
import type { Authorised, Exchange } from '../exchange.ts';
import { unauthorized } from '../failure.ts';

export async function checkPools(
  parts: JwtParts,
  exchange: Exchange,
  { providerARNs = [], identitySource = '', identityValidationExpression: _ }: AuthorizerDocument,
): Promise<Authorised> {
  const header = /^method\.request\.header\.(.+)$/.exec(identitySource)?.[1] ?? 'Authorization';
  const text = headerOf(exchange.call, header.toLowerCase())?.replace(/^Bearer\s+/i, '');
  if (text === undefined || text === '') throw unauthorized('no token');
  const issuers = providerARNs.flatMap((each) => issuerOf(each) ?? []);
  const trusted = { issuers, audience: undefined, elsewhere: exchange.record.inside === true };
  const claims = await verifiedClaims(parts, text, trusted);
  if (typeof claims === 'string') throw unauthorized(claims);
  const wanted = exchange.method.authorizationScopes ?? [];
  if (wanted.length > 0 && !scopesOf(claims).some((scope) => wanted.includes(scope))) {
    throw unauthorized('the token has none of the scopes of the method');
  }
  return { kind: 'cognito', claims: shownClaims(claims) };
}
