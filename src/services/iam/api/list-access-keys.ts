import { callersUser, keysOf, userNamed } from '../entities.ts';
import { byName, paged } from '../paging.ts';
import type { IamParts } from '../parts.ts';
import type { IamOperation } from './types.ts';

export function listAccessKeys(parts: IamParts): IamOperation<'ListAccessKeys'> {
  return {
    handle({ UserName, ...page }, context) {
      const user = UserName ?? callersUser(context);
      const name = user && userNamed(parts, context, user).name;
      const keys = byName(keysOf(parts, context, name), ({ accessKeyId }) => accessKeyId);
      const { items, ...rest } = paged(keys, ({ accessKeyId }) => accessKeyId, page);
      const AccessKeyMetadata = items.map(({ accessKeyId, active, createdAt }) => ({
        UserName: name ?? 'root',
        AccessKeyId: accessKeyId,
        Status: active ? ('Active' as const) : ('Inactive' as const),
        CreateDate: new Date(createdAt),
      }));
      return { AccessKeyMetadata, ...rest };
    },
  };
}
