/** Who has signed a request, as events tell functions (reference: lambda-semantics 6.6, 6.7). */
import type { Principal } from '../../aws/operation.ts';
import type { Signature } from '../../aws/sigv4/signature.ts';
import { userId } from '../../iam/caller.ts';

/** Where every signature is believed, its key belongs to nobody; a function hears of it all the same. */
export function withKey(principal: Principal, signature: Signature | string): Principal {
  return typeof signature === 'string' ? principal : { accessKeyId: signature.accessKeyId, ...principal };
}

export function callerIdentity(principal: Principal) {
  const id = userId(principal);
  return {
    accessKey: principal.accessKeyId ?? null,
    accountId: principal.accountId,
    callerId: id,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: principal.arn,
    userId: id,
  };
}
