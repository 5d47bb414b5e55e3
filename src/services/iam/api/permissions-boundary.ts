/** What a role or a user may have at most, whatever its policies say: put in place and taken away. */
import { checkPolicy, type Held, held } from '../entities.ts';
import { noSuchEntity } from '../errors.ts';
import type { IamParts } from '../parts.ts';
import type { IamOperation } from './types.ts';

export function putRolePermissionsBoundary(parts: IamParts): IamOperation<'PutRolePermissionsBoundary'> {
  return {
    handle({ RoleName, PermissionsBoundary }, context) {
      const role = held(parts, context, 'role', RoleName);
      checkPolicy(parts, context, PermissionsBoundary);
      role.put({ boundary: PermissionsBoundary });
      return {};
    },
  };
}

export function putUserPermissionsBoundary(parts: IamParts): IamOperation<'PutUserPermissionsBoundary'> {
  return {
    handle({ UserName, PermissionsBoundary }, context) {
      const user = held(parts, context, 'user', UserName);
      checkPolicy(parts, context, PermissionsBoundary);
      user.put({ boundary: PermissionsBoundary });
      return {};
    },
  };
}

export function deleteRolePermissionsBoundary(parts: IamParts): IamOperation<'DeleteRolePermissionsBoundary'> {
  return { handle: ({ RoleName }, context) => free(held(parts, context, 'role', RoleName)) };
}

export function deleteUserPermissionsBoundary(parts: IamParts): IamOperation<'DeleteUserPermissionsBoundary'> {
  return { handle: ({ UserName }, context) => free(held(parts, context, 'user', UserName)) };
}

function free({ holder, kind, put }: Held): Record<string, never> {
  if (holder.boundary === undefined) {
    throw noSuchEntity(`The ${kind} ${holder.name} does not have a permissions boundary.`);
  }
  put({ boundary: undefined });
  return {};
}
