import { paged } from '../paging.ts';
import type { IamParts } from '../parts.ts';
import { listedRole } from '../shown.ts';
import type { IamOperation } from './types.ts';

export function listRoles({ records }: IamParts): IamOperation<'ListRoles'> {
  return {
    handle({ PathPrefix = '/', ...page }, { accountId }) {
      const roles = records.all('role', accountId).filter(({ path }) => path.startsWith(PathPrefix));
      const { items, ...rest } = paged(roles, ({ name }) => name, page);
      return { Roles: items.map((role) => listedRole(accountId, role)), ...rest };
    },
  };
}
