/** Whether the policy of a resource lets an AWS service in: a topic at a queue, a bucket at a topic. */
import { arnAccount } from './policy/arn.ts';
import { evaluate } from './policy/evaluate.ts';
import { policyOf } from './policy/policy.ts';

export interface ServiceQuestion {
  /** As `sns.amazonaws.com`. */
  readonly service: string;
  readonly sourceArn: string;
  readonly sourceAccount: string;
  /** As `sqs:SendMessage`. */
  readonly action: string;
  readonly resource: string;
  /** Of the resource; a resource without one lets no service in. */
  readonly policy: string | undefined;
  readonly now: number;
}

export function letsServiceIn(question: ServiceQuestion): boolean {
  const { service, sourceArn, sourceAccount, action, resource, policy, now } = question;
  if (policy === undefined) return false;
  const context = new Map([
    ['aws:currenttime', new Date(now).toISOString()],
    ['aws:epochtime', String(Math.floor(now / 1000))],
    ['aws:securetransport', 'true'],
    ['aws:sourcearn', sourceArn],
    ['aws:sourceaccount', sourceAccount],
    ['aws:principalisawsservice', 'true'],
    ['aws:principalservicename', service],
  ]);
  const caller = { kind: 'service', accountId: '', arn: service } as const;
  const asked = { caller, action, resource, resourceAccountId: arnAccount(resource), context };
  return evaluate(asked, { identity: [], resource: [policyOf(policy, 'resource')] }).effect === 'allowed';
}

/** A document that can be evaluated. */
export function isPolicy(text: string): boolean {
  try {
    policyOf(text, 'resource');
    return true;
  } catch {
    return false;
  }
}
