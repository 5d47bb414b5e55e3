import { awsPolicy } from '../../../iam/managed/policies.ts';
import { policyAt } from '../entities.ts';
import type { IamParts } from '../parts.ts';
import { listedAwsPolicy, listedPolicy } from '../shown.ts';
import { shownTags } from '../tags.ts';
import { usesIn } from '../uses.ts';
import type { IamOperation } from './types.ts';

export function getPolicy(parts: IamParts): IamOperation<'GetPolicy'> {
  return {
    handle({ PolicyArn = '' }, context) {
      const { accountId } = context;
      const uses = usesIn(parts.records, accountId);
      const known = awsPolicy(PolicyArn);
      if (known !== undefined) return { Policy: listedAwsPolicy(known, uses) };
      const policy = policyAt(parts, context, PolicyArn);
      const { description: Description, tags } = policy;
      return { Policy: { ...listedPolicy(accountId, policy, uses), Description, Tags: shownTags(tags) } };
    },
  };
}
