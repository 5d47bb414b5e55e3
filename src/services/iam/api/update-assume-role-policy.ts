import { checkedTrust } from '../documents.ts';
import { roleNamed } from '../entities.ts';
import type { IamParts } from '../parts.ts';
import type { IamOperation } from './types.ts';

export function updateAssumeRolePolicy(parts: IamParts): IamOperation<'UpdateAssumeRolePolicy'> {
  return {
    handle({ RoleName, PolicyDocument }, context) {
      const role = roleNamed(parts, context, RoleName);
      const trust = checkedTrust(PolicyDocument, role.name);
      parts.records.put('role', context.accountId, { ...role, trust });
      return {};
    },
  };
}
