import { awsPolicy, awsPolicyCreatedAt } from '../../../iam/managed/policies.ts';
import { policyAt, versionOf } from '../entities.ts';
import type { IamParts } from '../parts.ts';
import { shownVersion } from '../shown.ts';
import type { IamOperation } from './types.ts';

export function getPolicyVersion(parts: IamParts): IamOperation<'GetPolicyVersion'> {
  return {
    handle({ PolicyArn = '', VersionId = '' }, context) {
      const known = awsPolicy(PolicyArn);
      if (known !== undefined) {
        const only = { number: 1, document: known.document, createdAt: awsPolicyCreatedAt };
        return { PolicyVersion: shownVersion(versionOf({ versions: [only] }, PolicyArn, VersionId), 1) };
      }
      const policy = policyAt(parts, context, PolicyArn);
      return { PolicyVersion: shownVersion(versionOf(policy, PolicyArn, VersionId), policy.defaultVersion) };
    },
  };
}
