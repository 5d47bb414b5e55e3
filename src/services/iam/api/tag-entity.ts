/** TagRole, TagUser, TagPolicy. */
import { policyAt, roleNamed, userNamed } from '../entities.ts';
import type { IamParts } from '../parts.ts';
import { withTags } from '../tags.ts';
import type { IamOperation } from './types.ts';

export function tagRole(parts: IamParts): IamOperation<'TagRole'> {
  return {
    handle({ RoleName, Tags }, context) {
      const role = roleNamed(parts, context, RoleName);
      parts.records.put('role', context.accountId, { ...role, tags: withTags(role.tags, Tags) });
      return {};
    },
  };
}

export function tagUser(parts: IamParts): IamOperation<'TagUser'> {
  return {
    handle({ UserName, Tags }, context) {
      const user = userNamed(parts, context, UserName);
      parts.records.put('user', context.accountId, { ...user, tags: withTags(user.tags, Tags) });
      return {};
    },
  };
}

export function tagPolicy(parts: IamParts): IamOperation<'TagPolicy'> {
  return {
    handle({ PolicyArn, Tags }, context) {
      const policy = policyAt(parts, context, PolicyArn);
      parts.records.put('policy', context.accountId, { ...policy, tags: withTags(policy.tags, Tags) });
      return {};
    },
  };
}
