/** ListRolePolicies, ListUserPolicies: the names of what belongs to one role or user alone. */
import { type Held, held } from '../entities.ts';
import { byName, type PageRequest, paged } from '../paging.ts';
import type { IamParts } from '../parts.ts';
import type { IamOperation } from './types.ts';

export function listRolePolicies(parts: IamParts): IamOperation<'ListRolePolicies'> {
  return { handle: ({ RoleName, ...page }, context) => listed(held(parts, context, 'role', RoleName), page) };
}

export function listUserPolicies(parts: IamParts): IamOperation<'ListUserPolicies'> {
  return { handle: ({ UserName, ...page }, context) => listed(held(parts, context, 'user', UserName), page) };
}

function listed({ holder }: Held, page: PageRequest) {
  const names = byName(Object.keys(holder.inline), (name) => name);
  const { items: PolicyNames, ...rest } = paged(names, (name) => name, page);
  return { PolicyNames, ...rest };
}
