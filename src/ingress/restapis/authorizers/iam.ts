/** AWS_IAM: a signature for the service `execute-api`, and leave from the caller's policies or the API's. */
import { AwsError } from '../../../aws/errors.ts';
import type { Principal } from '../../../aws/operation.ts';
import { type IamParts, mayCall, signedCaller } from '../../apis/authorizers/iam.ts';
import { callerIdentity } from '../../http/caller-identity.ts';
import { type Authorised, type Exchange, methodArn } from '../exchange.ts';
import { accessDenied, GatewayFailure, missingToken } from '../failure.ts';
import { apiPolicies } from './resource-policy.ts';

export function checkIam(parts: IamParts, exchange: Exchange): Authorised {
  const { call, record, content } = exchange;
  const { accountId, region } = record;
  const need = { action: 'execute-api:Invoke', resource: methodArn(exchange) };
  const asked = { call, accountId, region, need, policies: apiPolicies(record, content) };
  const principal = caller(() => signedCaller(parts, asked));
  try {
    mayCall(parts, asked, principal);
  } catch (error) {
    if (error instanceof AwsError) throw accessDenied(error.message);
    throw error;
  }
  return { kind: 'iam', identity: identityOf(principal) };
}

function caller(signed: () => Principal | undefined): Principal {
  try {
    const principal = signed();
    if (principal === undefined) throw missingToken();
    return principal;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const expired = /expired/i.test(error.message);
    throw new GatewayFailure({
      type: expired ? 'EXPIRED_TOKEN' : 'INVALID_SIGNATURE',
      message: error.message,
      errorType: error.code,
    });
  }
}

function identityOf(principal: Principal): Readonly<Record<string, string | null>> {
  const { accessKey, accountId, callerId, userId, userArn } = callerIdentity(principal);
  return { accessKey, accountId, caller: callerId, user: userId, userArn };
}
