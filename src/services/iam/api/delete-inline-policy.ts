/** DeleteRolePolicy, DeleteUserPolicy. */
import { type Held, held } from '../entities.ts';
import type { IamParts } from '../parts.ts';
import { inlineOf } from './get-inline-policy.ts';
import type { IamOperation } from './types.ts';

export function deleteRolePolicy(parts: IamParts): IamOperation<'DeleteRolePolicy'> {
  return { handle: ({ RoleName, PolicyName }, context) => without(held(parts, context, 'role', RoleName), PolicyName) };
}

export function deleteUserPolicy(parts: IamParts): IamOperation<'DeleteUserPolicy'> {
  return { handle: ({ UserName, PolicyName }, context) => without(held(parts, context, 'user', UserName), PolicyName) };
}

function without({ holder, kind, put }: Held, name = ''): Record<string, never> {
  inlineOf(holder, name, kind);
  const { [name]: _, ...inline } = holder.inline;
  put({ inline });
  return {};
}
