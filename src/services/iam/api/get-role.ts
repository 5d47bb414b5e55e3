import { roleNamed } from '../entities.ts';
import type { IamParts } from '../parts.ts';
import { shownRole } from '../shown.ts';
import type { IamOperation } from './types.ts';

export function getRole(parts: IamParts): IamOperation<'GetRole'> {
  return {
    handle({ RoleName }, context) {
      // When a role was last used is not recorded: the member is there, as for one that never was.
      return { Role: { ...shownRole(context.accountId, roleNamed(parts, context, RoleName)), RoleLastUsed: {} } };
    },
  };
}
