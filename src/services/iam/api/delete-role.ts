import { roleNamed } from '../entities.ts';
import { deleteConflict } from '../errors.ts';
import type { IamParts } from '../parts.ts';
import type { IamOperation } from './types.ts';

export function deleteRole(parts: IamParts): IamOperation<'DeleteRole'> {
  return {
    handle({ RoleName }, context) {
      const { name, inline, attached } = roleNamed(parts, context, RoleName);
      if (attached.length > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
      if (Object.keys(inline).length > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
      parts.records.delete('role', context.accountId, name);
      return {};
    },
  };
}
