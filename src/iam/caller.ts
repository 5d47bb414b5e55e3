/** A principal as policies see it: who it is, what it brings along, and by what it is known in conditions. */
import type { Principal } from '../aws/operation.ts';
import { arnParts } from './policy/arn.ts';
import type { Policies } from './policy/evaluate.ts';
import { type Policy, policyOf } from './policy/policy.ts';

export type OwnPolicies = Pick<Policies, 'identity' | 'limits'>;

/** The root of an account may do everything in it. */
export function ownPolicies({ kind, policies = [], limits = [], unlimited }: Principal): OwnPolicies {
  if (kind === 'root' || unlimited) return { identity: 'everything' };
  return {
    identity: policies.map(identityPolicy),
    limits: limits.map(({ by, policies: bounding }) => ({ by, policies: bounding.map(identityPolicy) })),
  };
}

function identityPolicy(document: string): Policy {
  return policyOf(document, 'identity');
}

const types = { root: 'Account', user: 'User', role: 'AssumedRole', anonymous: 'Anonymous' } as const;

export function principalKeys(principal: Principal): [string, string][] {
  const { kind, accountId, arn, role, tags = {} } = principal;
  const [name, ...path] = (arnParts(arn)?.[5] ?? '').split('/').toReversed();
  return [
    ['aws:principalarn', kind === 'role' ? (role?.arn ?? roleArn(accountId, path)) : arn],
    ['aws:principalaccount', accountId],
    ['aws:principaltype', types[kind]],
    ['aws:userid', kind === 'anonymous' ? 'anonymous' : userId(principal)],
    ...Object.entries(tags).map(([key, value]): [string, string] => [`aws:principaltag/${key.toLowerCase()}`, value]),
    ...(kind === 'user' && name !== undefined ? [['aws:username', name] satisfies [string, string]] : []),
  ];
}

/** Of a session, `assumed-role/name/session`, its role. */
function roleArn(accountId: string, [role = '']: readonly string[]): string {
  return `arn:aws:iam::${accountId}:role/${role}`;
}

/** What AWS calls its id: of a session its role's id and its own name; of who is not kept the key. */
export function userId({ kind, accountId, arn, accessKeyId = accountId, role, id }: Principal): string {
  if (kind === 'role' && role?.id !== undefined) return `${role.id}:${arn.split('/').at(-1) ?? ''}`;
  if (kind === 'root') return accountId;
  return id ?? accessKeyId;
}
