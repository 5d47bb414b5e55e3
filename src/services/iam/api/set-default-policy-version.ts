import { policyAt, versionOf } from '../entities.ts';
import type { IamParts } from '../parts.ts';
import type { IamOperation } from './types.ts';

export function setDefaultPolicyVersion(parts: IamParts): IamOperation<'SetDefaultPolicyVersion'> {
  return {
    handle({ PolicyArn = '', VersionId = '' }, context) {
      const policy = policyAt(parts, context, PolicyArn);
      const { number: defaultVersion } = versionOf(policy, PolicyArn, VersionId);
      parts.records.put('policy', context.accountId, { ...policy, defaultVersion, updatedAt: parts.clock.now() });
      return {};
    },
  };
}
