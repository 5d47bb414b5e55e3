import type { StsTypes } from '../../../aws/models/sts.types.ts';
import type { Operation } from '../../../aws/operation.ts';

/** Needs no permission on AWS either. */
export const getCallerIdentity: Operation<
  StsTypes['GetCallerIdentity']['input'],
  StsTypes['GetCallerIdentity']['output']
> = {
  handle(_input, { principal }) {
    const { accountId, arn, accessKeyId } = principal;
    return { UserId: accessKeyId ?? accountId, Account: accountId, Arn: arn };
  },
};
