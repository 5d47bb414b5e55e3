/** AttachRolePolicy, AttachUserPolicy; a policy that is attached already stays so. */
import { checkPolicy, type Held, held } from '../entities.ts';
import { limitExceeded } from '../errors.ts';
import type { IamParts } from '../parts.ts';
import type { IamOperation } from './types.ts';

/** The most that AWS gives on request; without asking it is ten. */
const attachedMax = 20;

export function attachRolePolicy(parts: IamParts): IamOperation<'AttachRolePolicy'> {
  return {
    handle({ RoleName, PolicyArn = '' }, context) {
      const role = held(parts, context, 'role', RoleName);
      checkPolicy(parts, context, PolicyArn);
      return attach(role, PolicyArn);
    },
  };
}

export function attachUserPolicy(parts: IamParts): IamOperation<'AttachUserPolicy'> {
  return {
    handle({ UserName, PolicyArn = '' }, context) {
      const user = held(parts, context, 'user', UserName);
      checkPolicy(parts, context, PolicyArn);
      return attach(user, PolicyArn);
    },
  };
}

function attach({ holder, kind, put }: Held, arn: string): Record<string, never> {
  if (holder.attached.includes(arn)) return {};
  if (holder.attached.length >= attachedMax) {
    const quota = kind === 'role' ? 'PoliciesPerRole' : 'PoliciesPerUser';
    throw limitExceeded(`Cannot exceed quota for ${quota}: ${attachedMax}`);
  }
  put({ attached: [...holder.attached, arn] });
  return {};
}
