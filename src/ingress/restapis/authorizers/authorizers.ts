/** Who may call a method, as it says itself. */
import type { IamParts } from '../../apis/authorizers/iam.ts';
import type { KeySets } from '../../apis/authorizers/key-sets.ts';
import type { Authorised, Exchange } from '../exchange.ts';
import { authorizerBroken } from '../failure.ts';
import type { FunctionAuthorizers } from './function.ts';
import { checkIam } from './iam.ts';
import { checkPools } from './pools.ts';
import { checkResourcePolicy } from './resource-policy.ts';

export interface RestAuthorizers extends IamParts {
  readonly keySets: KeySets;
  readonly functions: FunctionAuthorizers;
}

/** Throws the failure that a refused client is told of. */
export async function authorised(parts: RestAuthorizers, exchange: Exchange): Promise<Authorised | undefined> {
  const { authorizationType: type = 'NONE', authorizerId } = exchange.method;
  if (type === 'AWS_IAM') return checkIam(parts, exchange);
  checkResourcePolicy(parts, exchange);
  if (type === 'NONE') return undefined;
  const authorizer = exchange.content.authorizers.find(({ id }) => id === authorizerId);
  if (authorizer === undefined) throw authorizerBroken('The authorizer of the method is gone');
  return type === 'COGNITO_USER_POOLS'
    ? checkPools(parts, exchange, authorizer)
    : parts.functions.check(exchange, authorizer);
}
