import type { StsTypes } from '../../../aws/models/sts.types.ts';
import type { Operation, Principal } from '../../../aws/operation.ts';

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

/** Of a session its role's id and its own name; of who is not kept the key. */
function userId({ kind, accountId, arn, accessKeyId = accountId, role, id }: Principal): string {
  if (kind === 'role' && role?.id !== undefined) return `${role.id}:${arn.split('/').at(-1) ?? ''}`;
  if (kind === 'root') return accountId;
  return id ?? accessKeyId;
}
