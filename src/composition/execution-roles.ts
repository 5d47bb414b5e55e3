/** Functions' roles at work: what they may do with whatever has an ARN on this server. */
import type { Roles } from '../iam/roles.ts';
import { lambdaRules } from '../lambda/api/rules.ts';
import type { ExecutionRoles } from '../lambda/model/execution-roles.ts';
import { s3Rules } from '../services/s3/rules.ts';
import { snsRules } from '../services/sns/rules.ts';
import { sqsRules } from '../services/sqs/rules.ts';
import type { Sqs } from '../services/sqs/sqs.ts';
import type { Base } from './base.ts';

export function executionRoles(
  { store, settings }: Base,
  roles: Roles,
  { queues }: Pick<Sqs, 'queues'>,
): ExecutionRoles {
  const rules = {
    lambda: lambdaRules(store),
    s3: s3Rules(store.objects),
    sns: snsRules(store.topics),
    sqs: sqsRules(queues),
  };
  const rulesOf = (arn: string) => Object.entries(rules).find(([service]) => arn.split(':')[2] === service)?.[1];
  const ownerOf = (arn: string) =>
    store.objects.buckets.get(/^arn:aws[a-z-]*:s3:::([^/]+)/.exec(arn)?.[1] ?? '')?.accountId;
  const may: ExecutionRoles['may'] = ({ roleArn, accountId }, action, resource) => {
    const policies = rulesOf(resource)?.policies?.(resource) ?? [];
    return roles.may({ roleArn, accountId, action, resource, owner: ownerOf(resource), policies });
  };
  return {
    refusal: (roleArn, functionArn) => roles.refusal(roleArn, functionArn),
    may,
    mayTell: (runner, { action, resource }) => settings.auth === 'open' || may(runner, action, resource),
  };
}
