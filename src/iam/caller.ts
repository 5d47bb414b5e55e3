/** A principal as policies see it: who it is, what it brings along, and by what it is known in conditions. */
import type { Principal } from '../aws/operation.ts';
import { arnParts } from './policy/arn.ts';
import type { Policies } from './policy/evaluate.ts';
import { policyOf } from './policy/policy.ts';

/**
 * The root of an account may do everything in it. So may the sessions of roles: a function's role is an ARN and nothing
 * more until roles are kept, and have policies, here.
 */
export function identityPolicies({ kind, policies = [] }: Principal): Policies['identity'] {
  if (kind === 'root' || kind === 'role') return 'everything';
  return policies.map((document) => policyOf(document, 'identity'));
}

const types = { root: 'Account', user: 'User', role: 'AssumedRole', anonymous: 'Anonymous' } as const;

export function principalKeys(principal: Principal): [string, string][] {
  const { kind, accountId, arn } = principal;
  const [name, ...path] = (arnParts(arn)?.[5] ?? '').split('/').toReversed();
  return [
    ['aws:principalarn', kind === 'role' ? roleArn(accountId, path) : arn],
    ['aws:principalaccount', accountId],
    ['aws:principaltype', types[kind]],
    ...(kind === 'user' && name !== undefined ? [['aws:username', name] satisfies [string, string]] : []),
  ];
}

/** Of a session, `assumed-role/name/session`, its role. */
function roleArn(accountId: string, [role = '']: readonly string[]): string {
  return `arn:aws:iam::${accountId}:role/${role}`;
}
