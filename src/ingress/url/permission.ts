import type { Principal } from '../../aws/operation.ts';
import type { Clock } from '../../base/clock.ts';
import { ownPolicies, principalKeys } from '../../iam/caller.ts';
import { functionPolicyDecides } from '../../lambda/invoke/permission.ts';
import type { ResourceStore } from '../../lambda/model/resources.ts';

/** Of a URL that was made since October 2025 AWS asks for both, and says in conditions by which way the caller comes. */
const actions = ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'] as const;

export interface UrlCaller {
  /** Undefined when nobody was asked who they are: AuthType NONE. */
  readonly principal: Principal | undefined;
  readonly functionArn: string;
}

/** The action that the caller may not do, if there is one. */
export function deniedAction(
  resources: ResourceStore,
  clock: Clock,
  { principal, functionArn }: UrlCaller,
): string | undefined {
  const caller = principal ?? { kind: 'anonymous', accountId: '', arn: '*' };
  const keys = {
    ...Object.fromEntries(principal === undefined ? [] : principalKeys(principal)),
    'lambda:functionurlauthtype': principal === undefined ? 'NONE' : 'AWS_IAM',
    'lambda:invokedviafunctionurl': 'true',
  };
  const own = principal === undefined ? {} : ownPolicies(principal);
  return actions.find((action) => {
    const question = { caller, action, functionArn, keys, ...own };
    return functionPolicyDecides(resources, clock, question).effect !== 'allowed';
  });
}
