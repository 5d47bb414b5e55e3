/** What roles may do when this server acts in their name: reads a queue for a function, tells a destination, keeps a log. */
import type { Principal } from '../aws/operation.ts';
import type { Clock } from '../base/clock.ts';
import { ownPolicies, principalKeys } from './caller.ts';
import { roleOf } from './grants.ts';
import type { RoleGrants } from './keys.ts';
import { arnAccount } from './policy/arn.ts';
import { evaluate } from './policy/evaluate.ts';
import { policyOf } from './policy/policy.ts';
import type { IamRecords } from './records.ts';
import { trustsLambda } from './trust.ts';

export interface RolesParts {
  /** Open: nobody is asked who they are, and a role that nobody made may do everything in its account. */
  readonly mode: 'open' | 'signed';
  readonly keys: { readonly records: Pick<IamRecords, 'get'>; role(arn: string): RoleGrants | undefined };
  readonly clock: Clock;
}

export interface RoleQuestion {
  readonly roleArn: string;
  /** Whose the function is that runs as the role: where every ARN is believed, they need not agree. */
  readonly accountId: string;
  /** As `sqs:SendMessage`. */
  readonly action: string;
  readonly resource: string;
  /** Whose the resource is, where its ARN does not say so: the role's account, if nothing is said here. */
  readonly owner?: string | undefined;
  /** Of the resource. */
  readonly policies: readonly string[];
}

export class Roles {
  readonly #parts: RolesParts;
  readonly #principals = new WeakMap<RoleGrants, Principal>();

  constructor(parts: RolesParts) {
    this.#parts = parts;
  }

  /** Why a function may not run as the role, if it may not. */
  refusal(roleArn: string, functionArn: string): 'another-account' | 'not-assumable' | undefined {
    const { mode, keys, clock } = this.#parts;
    if (mode === 'open') return undefined;
    const accountId = arnAccount(functionArn);
    if (arnAccount(roleArn) !== accountId) return 'another-account';
    const role = roleOf(keys.records, roleArn);
    if (role === undefined) return 'not-assumable';
    const asked = { trust: role.trust, roleArn };
    return trustsLambda(asked, { functionArn, accountId, now: clock.now() }) ? undefined : 'not-assumable';
  }

  may({ roleArn, accountId, action, resource, owner, policies }: RoleQuestion): boolean {
    const principal = this.#principal(roleArn, accountId);
    const now = this.#parts.clock.now();
    const resourceAccountId = arnAccount(resource) || owner || principal.accountId;
    const context = new Map([
      ...principalKeys(principal),
      ['aws:currenttime', new Date(now).toISOString()] as const,
      ['aws:epochtime', String(Math.floor(now / 1000))] as const,
      ['aws:resourceaccount', resourceAccountId] as const,
      ['aws:securetransport', 'true'] as const,
    ]);
    const question = { caller: principal, action, resource, resourceAccountId, context };
    const documents = policies.map((document) => policyOf(document, 'resource'));
    return evaluate(question, { ...ownPolicies(principal), resource: documents }).effect === 'allowed';
  }

  /** A role that is not there may do nothing, where it is asked who somebody is. */
  #principal(arn: string, accountId: string): Principal {
    if (this.#parts.mode === 'open') return { kind: 'role', accountId, arn, role: { arn }, unlimited: true };
    const bare: Principal = { kind: 'role', accountId: arnAccount(arn), arn, role: { arn } };
    const grants = this.#parts.keys.role(arn);
    if (grants === undefined) return bare;
    let principal = this.#principals.get(grants);
    if (principal === undefined) {
      const { id, policies, limits, tags } = grants;
      principal = { ...bare, role: { arn, id }, policies, limits, tags };
      this.#principals.set(grants, principal);
    }
    return principal;
  }
}
