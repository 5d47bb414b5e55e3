import { awsPolicy, awsPolicyCreatedAt } from '../../../iam/managed/policies.ts';
import { policyAt } from '../entities.ts';
import { paged } from '../paging.ts';
import type { IamParts } from '../parts.ts';
import { listedVersion } from '../shown.ts';
import type { IamOperation } from './types.ts';

/** The newest first. */
export function listPolicyVersions(parts: IamParts): IamOperation<'ListPolicyVersions'> {
  return {
    handle({ PolicyArn = '', ...page }, context) {
      const known = awsPolicy(PolicyArn);
      const first = { number: 1, document: '', createdAt: awsPolicyCreatedAt };
      const { versions, defaultVersion } =
        known === undefined ? policyAt(parts, context, PolicyArn) : { versions: [first], defaultVersion: 1 };
      // Pages go by names that grow: the count of versions that can be is five.
      const nameOf = ({ number }: { readonly number: number }) => String(Number.MAX_SAFE_INTEGER - number);
      const { items, ...rest } = paged(versions.toReversed(), nameOf, page);
      return { Versions: items.map((version) => listedVersion(version, defaultVersion)), ...rest };
    },
  };
}
