import type { Holder } from '../../../iam/records.ts';
import { checkPolicy } from '../entities.ts';
import { paged } from '../paging.ts';
import type { IamParts } from '../parts.ts';
import { has } from '../uses.ts';
import type { IamOperation } from './types.ts';

/** Roles before users, and pages go through both. There are no groups here. */
export function listEntitiesForPolicy(parts: IamParts): IamOperation<'ListEntitiesForPolicy'> {
  return {
    handle({ PolicyArn = '', EntityFilter, PathPrefix = '/', PolicyUsageFilter, ...page }, context) {
      const { records } = parts;
      checkPolicy(parts, context, PolicyArn);
      const usage =
        PolicyUsageFilter === undefined ? 'any' : PolicyUsageFilter === 'PermissionsPolicy' ? 'attached' : 'bounding';
      const using = (kind: 'role' | 'user') =>
        (records.all(kind, context.accountId) as Holder[])
          .filter((holder) => holder.path.startsWith(PathPrefix) && has(holder, PolicyArn, usage))
          .map((holder) => ({ kind, holder }));
      const roles = EntityFilter === undefined || EntityFilter === 'Role' ? using('role') : [];
      const users = EntityFilter === undefined || EntityFilter === 'User' ? using('user') : [];
      const { items, ...rest } = paged([...roles, ...users], ({ kind, holder }) => `${kind} ${holder.name}`, page);
      const of = (wanted: 'role' | 'user') => items.flatMap(({ kind, holder }) => (kind === wanted ? [holder] : []));
      return {
        PolicyGroups: [],
        PolicyRoles: of('role').map(({ name, id }) => ({ RoleName: name, RoleId: id })),
        PolicyUsers: of('user').map(({ name, id }) => ({ UserName: name, UserId: id })),
        ...rest,
      };
    },
  };
}
