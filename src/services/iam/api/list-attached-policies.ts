/** ListAttachedRolePolicies, ListAttachedUserPolicies. */
import { parsedEntityArn } from '../../../iam/records.ts';
import { type Held, held } from '../entities.ts';
import { byName, type PageRequest, paged } from '../paging.ts';
import type { IamParts } from '../parts.ts';
import type { IamOperation } from './types.ts';

type Request = PageRequest & { readonly PathPrefix?: string | undefined };

export function listAttachedRolePolicies(parts: IamParts): IamOperation<'ListAttachedRolePolicies'> {
  return { handle: ({ RoleName, ...page }, context) => listed(held(parts, context, 'role', RoleName), page) };
}

export function listAttachedUserPolicies(parts: IamParts): IamOperation<'ListAttachedUserPolicies'> {
  return { handle: ({ UserName, ...page }, context) => listed(held(parts, context, 'user', UserName), page) };
}

function listed({ holder }: Held, { PathPrefix = '/', ...page }: Request) {
  const policies = holder.attached.flatMap((arn) => {
    const { path = '/', name = '' } = parsedEntityArn(arn) ?? {};
    return path.startsWith(PathPrefix) ? [{ PolicyName: name, PolicyArn: arn }] : [];
  });
  const { items, ...rest } = paged(
    byName(policies, ({ PolicyArn }) => PolicyArn),
    ({ PolicyArn }) => PolicyArn,
    page,
  );
  return { AttachedPolicies: items, ...rest };
}
