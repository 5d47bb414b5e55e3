/** IAM's operations as IAM actions, on the role, user or policy that they name. There is one IAM for all regions. */
import { type EntityName, entityArn, type IamRecords, parsedEntityArn } from '../../iam/records.ts';
import type { Asked, ServiceRules } from '../../iam/rules.ts';

type Reader = Pick<IamRecords, 'get'>;
type Meant = Pick<EntityName, 'kind' | 'name'>;

export function iamRules(records: Reader): ServiceRules {
  return {
    needs: (asked) => [{ action: `iam:${asked.operation}`, resource: resourceOf(records, asked) }],
    keys: (asked) => [...requestKeys(asked), ...tagKeys(records, asked)],
  };
}

/** As it is kept, however its name was written. */
function resourceOf(records: Reader, asked: Asked): string {
  const { input, accountId } = asked;
  const meant = meantBy(asked);
  if (meant === undefined) return typeof input.PolicyArn === 'string' ? input.PolicyArn : '*';
  const path = typeof input.Path === 'string' ? input.Path : '/';
  const found = records.get(meant.kind, accountId, meant.name);
  return entityArn(meant.kind, accountId, found ?? { path, name: meant.name });
}

/** Of these, who names no user means themselves. */
const ownToo = new Set(['GetUser', 'CreateAccessKey', 'ListAccessKeys', 'UpdateAccessKey', 'DeleteAccessKey']);

function meantBy({ operation, input, callerArn = '' }: Asked): Meant | undefined {
  const { RoleName, UserName, PolicyName } = input;
  if (typeof RoleName === 'string') return { kind: 'role', name: RoleName };
  if (typeof UserName === 'string') return { kind: 'user', name: UserName };
  if (operation === 'CreatePolicy' && typeof PolicyName === 'string') return { kind: 'policy', name: PolicyName };
  const caller = ownToo.has(operation) ? parsedEntityArn(callerArn) : undefined;
  return caller?.kind === 'user' ? caller : undefined;
}

function* requestKeys({ input }: Asked): Generator<readonly [string, string | readonly string[]]> {
  const { PermissionsBoundary, PolicyArn, Tags, TagKeys } = input;
  if (typeof PermissionsBoundary === 'string') yield ['iam:permissionsboundary', PermissionsBoundary];
  if (typeof PolicyArn === 'string') yield ['iam:policyarn', PolicyArn];
  const tags = Array.isArray(Tags) ? Tags : [];
  for (const { Key, Value } of tags) yield [`aws:requesttag/${String(Key).toLowerCase()}`, String(Value)];
  const keys = Array.isArray(TagKeys) ? TagKeys : tags.map(({ Key }) => Key);
  if (keys.length > 0) yield ['aws:tagkeys', keys.map(String)];
}

/** Tags of what is asked for. */
function* tagKeys(records: Reader, asked: Asked): Generator<readonly [string, string]> {
  const meant = meantBy(asked) ?? parsedEntityArn(String(asked.input.PolicyArn));
  const found = meant && records.get(meant.kind, asked.accountId, meant.name);
  for (const [key, value] of Object.entries(found?.tags ?? {})) {
    yield [`aws:resourcetag/${key.toLowerCase()}`, value];
    yield [`iam:resourcetag/${key.toLowerCase()}`, value];
  }
}
