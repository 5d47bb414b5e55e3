import { keysOf, userNamed } from '../entities.ts';
import { deleteConflict } from '../errors.ts';
import type { IamParts } from '../parts.ts';
import type { IamOperation } from './types.ts';

export function deleteUser(parts: IamParts): IamOperation<'DeleteUser'> {
  return {
    handle({ UserName }, context) {
      const user = userNamed(parts, context, UserName);
      if (user.attached.length > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
      if (Object.keys(user.inline).length > 0) {
        throw deleteConflict('Cannot delete entity, must delete policies first.');
      }
      if (keysOf(parts, context, user.name).length > 0) {
        throw deleteConflict('Cannot delete entity, must delete access keys first.');
      }
      parts.records.delete('user', context.accountId, user.name);
      return {};
    },
  };
}
