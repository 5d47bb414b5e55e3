import { entityArn } from '../../../iam/records.ts';
import { policyAt } from '../entities.ts';
import { deleteConflict } from '../errors.ts';
import type { IamParts } from '../parts.ts';
import { usesIn } from '../uses.ts';
import type { IamOperation } from './types.ts';

export function deletePolicy(parts: IamParts): IamOperation<'DeletePolicy'> {
  return {
    handle({ PolicyArn }, context) {
      const { accountId } = context;
      const policy = policyAt(parts, context, PolicyArn);
      const { attached, bounding } = usesIn(parts.records, accountId);
      const arn = entityArn('policy', accountId, policy);
      if (attached.has(arn) || bounding.has(arn)) {
        throw deleteConflict('Cannot delete a policy attached to entities.');
      }
      if (policy.versions.length > 1) {
        throw deleteConflict(
          "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
        );
      }
      parts.records.delete('policy', accountId, policy.name);
      return {};
    },
  };
}
