/** Who may send a request to a route, as its authorization says. */
import { authorizerOf } from '../deployed.ts';
import type { Exchange } from '../exchange.ts';
import { broken, type Checked } from './checked.ts';
import { checkIam, type IamParts } from './iam.ts';
import { checkJwt } from './jwt.ts';
import type { KeySets } from './key-sets.ts';
import type { RequestAuthorizers } from './request.ts';

export interface Authorizers extends IamParts {
  readonly keySets: KeySets;
  readonly functions: RequestAuthorizers;
}

export async function check(parts: Authorizers, exchange: Exchange): Promise<Checked> {
  const { AuthorizationType: type = 'NONE' } = exchange.route;
  if (type === 'NONE') return { kind: 'allowed' };
  if (type === 'AWS_IAM') return checkIam(parts, exchange);
  const authorizer = authorizerOf(exchange.deployed.snapshot, exchange.route);
  if (authorizer === undefined) return broken('The authorizer of the route is gone');
  return type === 'JWT' ? checkJwt(parts, exchange, authorizer) : parts.functions.check(exchange, authorizer);
}
