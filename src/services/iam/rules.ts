/** IAM's operations as IAM actions, on the role, user or policy that they name. There is one IAM for all regions. */

import { entityArn, type IamRecords, type RecordKind } from '../../iam/records.ts';
import type { Asked, ServiceRules } from '../../iam/rules.ts';

export function iamRules(records: Pick<IamRecords, 'get'>): ServiceRules {
  return {
    needs: (asked) => [{ action: `iam:${asked.operation}`, resource: resourceOf(records, asked) }],
    keys: conditionKeys,
  };
}

function resourceOf(records: Pick<IamRecords, 'get'>, { input, accountId, operation }: Asked): string {
  const { RoleName, UserName, PolicyArn, PolicyName, Path } = input;
  const named = (kind: RecordKind, name: string) => {
    const path = typeof Path === 'string' ? Path : '/';
    return entityArn(kind, accountId, records.get(kind, accountId, name) ?? { path, name });
  };
  if (typeof RoleName === 'string') return named('role', RoleName);
  if (typeof UserName === 'string') return named('user', UserName);
  if (typeof PolicyArn === 'string') return PolicyArn;
  return operation === 'CreatePolicy' && typeof PolicyName === 'string' ? named('policy', PolicyName) : '*';
}

function* conditionKeys({ input }: Asked): Generator<readonly [string, string | readonly string[]]> {
  const { PermissionsBoundary, PolicyArn, Tags, TagKeys } = input;
  if (typeof PermissionsBoundary === 'string') yield ['iam:permissionsboundary', PermissionsBoundary];
  if (typeof PolicyArn === 'string') yield ['iam:policyarn', PolicyArn];
  const tags = Array.isArray(Tags) ? Tags : [];
  for (const { Key, Value } of tags) yield [`aws:requesttag/${String(Key).toLowerCase()}`, String(Value)];
  const keys = Array.isArray(TagKeys) ? TagKeys : tags.map(({ Key }) => Key);
  if (keys.length > 0) yield ['aws:tagkeys', keys.map(String)];
}
