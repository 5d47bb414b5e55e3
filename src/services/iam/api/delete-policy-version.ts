import { policyAt, versionOf } from '../entities.ts';
import { deleteConflict } from '../errors.ts';
import type { IamParts } from '../parts.ts';
import type { IamOperation } from './types.ts';

export function deletePolicyVersion(parts: IamParts): IamOperation<'DeletePolicyVersion'> {
  return {
    handle({ PolicyArn = '', VersionId = '' }, context) {
      const policy = policyAt(parts, context, PolicyArn);
      const { number: gone } = versionOf(policy, PolicyArn, VersionId);
      if (gone === policy.defaultVersion) throw deleteConflict('Cannot delete the default version of a policy.');
      const versions = policy.versions.filter(({ number }) => number !== gone);
      parts.records.put('policy', context.accountId, { ...policy, versions, updatedAt: parts.clock.now() });
      return {};
    },
  };
}
