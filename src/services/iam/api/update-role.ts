import { roleNamed } from '../entities.ts';
import type { IamParts } from '../parts.ts';
import type { IamOperation } from './types.ts';

/** A description that is not given is left alone; an empty one takes it away. */
export function updateRole(parts: IamParts): IamOperation<'UpdateRole'> {
  return {
    handle({ RoleName, Description, MaxSessionDuration }, context) {
      const role = roleNamed(parts, context, RoleName);
      parts.records.put('role', context.accountId, {
        ...role,
        description: Description ?? role.description,
        sessionSecondsMax: MaxSessionDuration ?? role.sessionSecondsMax,
      });
      return {};
    },
  };
}
