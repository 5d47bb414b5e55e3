/** ListRoleTags, ListUserTags, ListPolicyTags. */
import type { Tags } from '../../../iam/records.ts';
import { policyAt, roleNamed, userNamed } from '../entities.ts';
import { byName, type PageRequest, paged } from '../paging.ts';
import type { IamParts } from '../parts.ts';
import { listedTags } from '../tags.ts';
import type { IamOperation } from './types.ts';

export function listRoleTags(parts: IamParts): IamOperation<'ListRoleTags'> {
  return { handle: ({ RoleName, ...page }, context) => listed(roleNamed(parts, context, RoleName).tags, page) };
}

export function listUserTags(parts: IamParts): IamOperation<'ListUserTags'> {
  return { handle: ({ UserName, ...page }, context) => listed(userNamed(parts, context, UserName).tags, page) };
}

export function listPolicyTags(parts: IamParts): IamOperation<'ListPolicyTags'> {
  return { handle: ({ PolicyArn, ...page }, context) => listed(policyAt(parts, context, PolicyArn).tags, page) };
}

function listed(tags: Tags, page: PageRequest) {
  const nameOf = ({ Key = '' }: { readonly Key?: string | undefined }) => Key;
  const { items, ...rest } = paged(byName(listedTags(tags), nameOf), nameOf, page);
  return { Tags: items, ...rest };
}
