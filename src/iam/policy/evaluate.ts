/**
 * May somebody do something? An explicit Deny wins, without an Allow nobody may. Within an account one Allow is enough,
 * from the identity's side or the resource's; across accounts both must allow; an AWS service and the unknown have no
 * policies of their own, so that the resource alone decides. What bounds an identity must allow besides: each for itself.
 */
import type { Policy, Statement } from './policy.ts';
import type { Caller } from './principal.ts';
import type { ConditionContext } from './template.ts';

export interface Question {
  readonly caller: Caller;
  /** `lambda:InvokeFunction`; its case does not count. */
  readonly action: string;
  /** An ARN, or `*` for an action that has no resource. */
  readonly resource: string;
  readonly resourceAccountId: string;
  readonly context: ConditionContext;
}

export interface Policies {
  /** `everything` for the root of an account. */
  readonly identity: readonly Policy[] | 'everything';
  readonly resource: readonly Policy[];
  readonly limits?: readonly Bound[] | undefined;
}

/** A permissions boundary, or the policies that a session was begun with. */
export interface Bound {
  readonly by: string;
  readonly policies: readonly Policy[];
}

export type Side = 'identity' | 'resource';

export type Decision =
  | { readonly effect: 'allowed'; readonly by: Side; readonly sid: string | undefined }
  | { readonly effect: 'explicit-deny'; readonly by: Side; readonly sid: string | undefined }
  /** `missing`: whose Allow there should be; a bound's by its name. */
  | { readonly effect: 'implicit-deny'; readonly missing: Side | { readonly bound: string } };

export function evaluate(question: Question, { identity, resource, limits = [] }: Policies): Decision {
  const asked = { ...question, action: question.action.toLowerCase() };
  const own = identity === 'everything' ? [] : applying(identity, asked);
  const theirs = applying(resource, asked);
  const deny = denied(own, 'identity') ?? denied(theirs, 'resource');
  if (deny !== undefined) return deny;
  const bounded = bounds(limits, asked);
  const { kind, accountId } = question.caller;
  // A resource may let a user in past its boundary; of a role's session nothing passes.
  if (bounded !== undefined && (bounded.effect === 'explicit-deny' || kind === 'role')) return bounded;
  const everything = identity === 'everything' ? { sid: undefined } : undefined;
  const granted: Granted = {
    identity: bounded === undefined ? (everything ?? own[0]) : undefined,
    resource: theirs.find(({ named }) => named === 'direct') ?? theirs[0],
    delegatedOnly: theirs.every(({ named }) => named !== 'direct'),
  };
  if (kind === 'service' || kind === 'anonymous') return resourceDecides(granted);
  const decision = accountId === question.resourceAccountId ? within(granted) : across(granted);
  return decision.effect !== 'allowed' && own.length > 0 ? (bounded ?? decision) : decision;
}

interface Applying {
  readonly sid: string | undefined;
  readonly effect: Statement['effect'];
  readonly named: 'account' | 'direct';
}

interface Granted {
  readonly identity: { readonly sid: string | undefined } | undefined;
  readonly resource: { readonly sid: string | undefined } | undefined;
  /** The resource's side names the caller's account and not the caller. */
  readonly delegatedOnly: boolean;
}

function applying(policies: readonly Policy[], { caller, action, resource, context }: Question): Applying[] {
  const found: Applying[] = [];
  for (const { statements } of policies) {
    for (const statement of statements) {
      const named = statement.speaksOf(caller);
      if (named === 'no' || !statement.covers(action, resource, context)) continue;
      found.push({ sid: statement.sid, effect: statement.effect, named });
    }
  }
  return found;
}

/** The first bound that does not hold the question. */
function bounds(limits: readonly Bound[], asked: Question): Decision | undefined {
  for (const { by, policies } of limits) {
    const found = applying(policies, asked);
    const deny = denied(found, 'identity');
    if (deny !== undefined) return deny;
    if (found.length === 0) return { effect: 'implicit-deny', missing: { bound: by } };
  }
  return undefined;
}

function denied(statements: readonly Applying[], by: Side): Decision | undefined {
  const found = statements.find(({ effect }) => effect === 'Deny');
  return found === undefined ? undefined : { effect: 'explicit-deny', by, sid: found.sid };
}

function resourceDecides({ resource }: Granted): Decision {
  if (resource === undefined) return { effect: 'implicit-deny', missing: 'resource' };
  return { effect: 'allowed', by: 'resource', sid: resource.sid };
}

/** A resource that names the account leaves it to the account whom it lets in: for its own users that says nothing. */
function within({ identity, resource, delegatedOnly }: Granted): Decision {
  if (identity !== undefined) return { effect: 'allowed', by: 'identity', sid: identity.sid };
  if (resource === undefined || delegatedOnly) return { effect: 'implicit-deny', missing: 'identity' };
  return { effect: 'allowed', by: 'resource', sid: resource.sid };
}

function across(granted: Granted): Decision {
  if (granted.resource !== undefined && granted.identity === undefined) {
    return { effect: 'implicit-deny', missing: 'identity' };
  }
  return resourceDecides(granted);
}
