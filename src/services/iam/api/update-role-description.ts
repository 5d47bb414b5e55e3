import { roleNamed } from '../entities.ts';
import type { IamParts } from '../parts.ts';
import { shownRole } from '../shown.ts';
import type { IamOperation } from './types.ts';

export function updateRoleDescription(parts: IamParts): IamOperation<'UpdateRoleDescription'> {
  return {
    handle({ RoleName, Description }, context) {
      const role = { ...roleNamed(parts, context, RoleName), description: Description };
      parts.records.put('role', context.accountId, role);
      return { Role: shownRole(context.accountId, role) };
    },
  };
}
