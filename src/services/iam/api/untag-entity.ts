/** UntagRole, UntagUser, UntagPolicy; a tag that is not there is gone already. */
import { policyAt, roleNamed, userNamed } from '../entities.ts';
import type { IamParts } from '../parts.ts';
import { withoutTags } from '../tags.ts';
import type { IamOperation } from './types.ts';

export function untagRole(parts: IamParts): IamOperation<'UntagRole'> {
  return {
    handle({ RoleName, TagKeys }, context) {
      const role = roleNamed(parts, context, RoleName);
      parts.records.put('role', context.accountId, { ...role, tags: withoutTags(role.tags, TagKeys) });
      return {};
    },
  };
}

export function untagUser(parts: IamParts): IamOperation<'UntagUser'> {
  return {
    handle({ UserName, TagKeys }, context) {
      const user = userNamed(parts, context, UserName);
      parts.records.put('user', context.accountId, { ...user, tags: withoutTags(user.tags, TagKeys) });
      return {};
    },
  };
}

export function untagPolicy(parts: IamParts): IamOperation<'UntagPolicy'> {
  return {
    handle({ PolicyArn, TagKeys }, context) {
      const policy = policyAt(parts, context, PolicyArn);
      parts.records.put('policy', context.accountId, { ...policy, tags: withoutTags(policy.tags, TagKeys) });
      return {};
    },
  };
}
