import type { StsTypes } from '../../../aws/models/sts.types.ts';
import type { Operation } from '../../../aws/operation.ts';
import { userId } from '../../../iam/caller.ts';

/** Needs no permission on AWS either. */
export const getCallerIdentity: Operation<
  StsTypes['GetCallerIdentity']['input'],
  StsTypes['GetCallerIdentity']['output']
> = {
  handle(_input, { principal }) {
    const { accountId, arn } = principal;
    return { UserId: userId(principal), Account: accountId, Arn: arn };
  },
};
