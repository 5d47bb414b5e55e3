import { paged } from '../paging.ts';
import type { IamParts } from '../parts.ts';
import { listedUser } from '../shown.ts';
import type { IamOperation } from './types.ts';

export function listUsers({ records }: IamParts): IamOperation<'ListUsers'> {
  return {
    handle({ PathPrefix = '/', ...page }, { accountId }) {
      const users = records.all('user', accountId).filter(({ path }) => path.startsWith(PathPrefix));
      const { items, ...rest } = paged(users, ({ name }) => name, page);
      return { Users: items.map((user) => listedUser(accountId, user)), ...rest };
    },
  };
}
