/** Whether a role lets itself be assumed: its own policy must allow it, however much the caller's policies do. */
import { evaluate } from './policy/evaluate.ts';
import { policyOf } from './policy/policy.ts';
import type { Caller } from './policy/principal.ts';
import type { ConditionContext } from './policy/template.ts';

export interface TrustQuestion {
  /** The document of the role. */
  readonly trust: string;
  readonly roleArn: string;
  readonly caller: Caller;
  readonly action?: string;
  readonly context: ConditionContext;
}

export function trusts({ trust, roleArn, caller, action = 'sts:AssumeRole', context }: TrustQuestion): boolean {
  // As from another account, where the resource's side has to allow in any case.
  const asked = { caller, action, resource: roleArn, resourceAccountId: '', context };
  return evaluate(asked, { identity: 'everything', resource: [policyOf(trust, 'trust')] }).effect === 'allowed';
}

const lambda: Caller = { kind: 'service', accountId: '', arn: 'lambda.amazonaws.com' };

/** For a function that is to run as the role. */
export function trustsLambda(
  { trust, roleArn }: Pick<TrustQuestion, 'trust' | 'roleArn'>,
  { functionArn, accountId, now }: { readonly functionArn: string; readonly accountId: string; readonly now: number },
): boolean {
  const context = new Map([
    ['aws:currenttime', new Date(now).toISOString()],
    ['aws:epochtime', String(Math.floor(now / 1000))],
    ['aws:securetransport', 'true'],
    ['aws:sourcearn', functionArn],
    ['aws:sourceaccount', accountId],
    ['aws:principalisawsservice', 'true'],
    ['aws:principalservicename', lambda.arn],
  ]);
  return trusts({ trust, roleArn, caller: lambda, context });
}
