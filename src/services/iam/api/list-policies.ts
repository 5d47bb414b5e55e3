import type { Policy } from '@aws-sdk/client-iam';
import { awsPolicies } from '../../../iam/managed/policies.ts';
import { byName, paged } from '../paging.ts';
import type { IamParts } from '../parts.ts';
import { listedAwsPolicy, listedPolicy } from '../shown.ts';
import { usesIn } from '../uses.ts';
import type { IamOperation } from './types.ts';

export function listPolicies({ records }: IamParts): IamOperation<'ListPolicies'> {
  return {
    handle({ Scope = 'All', OnlyAttached, PathPrefix = '/', PolicyUsageFilter, ...page }, { accountId }) {
      const uses = usesIn(records, accountId);
      const local = () => records.all('policy', accountId).map((policy) => listedPolicy(accountId, policy, uses));
      const all = [
        ...(Scope === 'AWS' ? [] : local()),
        ...(Scope === 'Local' ? [] : awsPolicies.map((policy) => listedAwsPolicy(policy, uses))),
      ];
      const wanted = all.filter((policy) => {
        const used = PolicyUsageFilter === 'PermissionsBoundary' ? usedAsBoundary(policy) : isAttached(policy);
        return (policy.Path ?? '/').startsWith(PathPrefix) && (used || !(OnlyAttached || PolicyUsageFilter));
      });
      const nameOf = ({ Arn = '' }: Policy) => Arn;
      const { items, ...rest } = paged(byName(wanted, nameOf), nameOf, page);
      return { Policies: items, ...rest };
    },
  };
}

function isAttached({ AttachmentCount = 0 }: Policy): boolean {
  return AttachmentCount > 0;
}

function usedAsBoundary({ PermissionsBoundaryUsageCount = 0 }: Policy): boolean {
  return PermissionsBoundaryUsageCount > 0;
}
