import { checkedManaged } from '../documents.ts';
import { policyAt } from '../entities.ts';
import { limitExceeded } from '../errors.ts';
import type { IamParts } from '../parts.ts';
import { listedVersion } from '../shown.ts';
import type { IamOperation } from './types.ts';

const versionsMax = 5;

export function createPolicyVersion(parts: IamParts): IamOperation<'CreatePolicyVersion'> {
  return {
    handle({ PolicyArn, PolicyDocument, SetAsDefault }, context) {
      const policy = policyAt(parts, context, PolicyArn);
      const document = checkedManaged(PolicyDocument);
      if (policy.versions.length >= versionsMax) {
        throw limitExceeded(
          'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
        );
      }
      const now = parts.clock.now();
      const version = { number: policy.lastVersion + 1, document, createdAt: now };
      const defaultVersion = SetAsDefault ? version.number : policy.defaultVersion;
      parts.records.put('policy', context.accountId, {
        ...policy,
        updatedAt: now,
        versions: [...policy.versions, version],
        defaultVersion,
        lastVersion: version.number,
      });
      return { PolicyVersion: listedVersion(version, defaultVersion) };
    },
  };
}
