/** What a function's own policies say of those who have none: AWS services, other accounts, the whole world. */
import type { Clock } from '../../base/clock.ts';
import { arnAccount } from '../../iam/policy/arn.ts';
import { type Decision, evaluate, type Policies } from '../../iam/policy/evaluate.ts';
import { policyOf } from '../../iam/policy/policy.ts';
import type { Caller } from '../../iam/policy/principal.ts';
import { meantFunction } from '../model/names.ts';
import { ownedKey, type ResourceStore } from '../model/resources.ts';

/** A service that has an event for a function. */
export interface ServiceInvocation {
  /** With its qualifier, if it has one: only the policy of that version or alias counts then. */
  readonly functionArn: string;
  /** As `s3.amazonaws.com`. */
  readonly service: string;
  /** The bucket, topic or rule that the event is from, and its owner. */
  readonly sourceArn?: string;
  readonly sourceAccount?: string;
  /** Of an Alexa skill. */
  readonly eventSourceToken?: string;
}

/** Asks no more than this interface says, so that a delivery can be given any other answer in its tests. */
export type MayInvoke = (invocation: ServiceInvocation) => boolean;

export function mayInvoke(resources: ResourceStore, clock: Clock): MayInvoke {
  return ({ functionArn, service, sourceArn, sourceAccount, eventSourceToken }) => {
    const keys: Record<string, string | undefined> = {
      'aws:sourcearn': sourceArn,
      'aws:sourceaccount': sourceAccount,
      'lambda:eventsourcetoken': eventSourceToken,
      'aws:principalisawsservice': 'true',
      'aws:principalservicename': service,
    };
    const caller: Caller = { kind: 'service', accountId: '', arn: service };
    const asked = { caller, action: 'lambda:InvokeFunction', functionArn, keys };
    return functionPolicyDecides(resources, clock, asked).effect === 'allowed';
  };
}

export interface FunctionQuestion {
  readonly caller: Caller;
  readonly action: string;
  readonly functionArn: string;
  /** Condition keys in lower case. */
  readonly keys: Readonly<Record<string, string | undefined>>;
  /** What the caller brings along; services and the unknown have nothing. */
  readonly identity?: Policies['identity'];
  readonly limits?: Policies['limits'];
}

/** Weighs what the caller brings against what the function's policies say. */
export function functionPolicyDecides(resources: ResourceStore, clock: Clock, question: FunctionQuestion): Decision {
  const { caller, action, functionArn, keys, identity = [], limits } = question;
  const now = clock.now();
  const context = new Map([
    ['aws:currenttime', new Date(now).toISOString()],
    ['aws:epochtime', String(Math.floor(now / 1000))],
    ['aws:securetransport', 'true'],
  ]);
  for (const [key, value] of Object.entries(keys)) if (value !== undefined) context.set(key, value);
  return evaluate(
    { caller, action, resource: functionArn, resourceAccountId: arnAccount(functionArn), context },
    { identity, limits, resource: policyTexts(resources, functionArn).map((each) => policyOf(each, 'resource')) },
  );
}

/**
 * The documents that may speak of a function's ARN: those of its version or alias, and those of the function, whose
 * statements name the function alone unless somebody wrote a wildcard for its versions and aliases.
 */
export function policyTexts(resources: ResourceStore, arn: string): string[] {
  if (!arn.includes(':function:')) return [];
  const named = meantFunction(arn, { region: '', accountId: '' });
  if (named === undefined) return [];
  const { key, qualifier = '' } = named;
  return [...new Set([qualifier, ''])].flatMap((name) => resources.get('policy', ownedKey(key, name))?.document ?? []);
}
