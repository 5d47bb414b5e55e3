import { arnMatcher } from '../../../iam/policy/arn.ts';
import { readDocument } from '../../../iam/policy/document.ts';
import { MalformedPolicy } from '../../../iam/policy/malformed.ts';
import { policyOf } from '../../../iam/policy/policy.ts';
import { invalidParameterValue } from '../../model/errors.ts';
import { functionArn } from '../../model/function.ts';
import { namedFunction } from '../../model/names.ts';
import { checkedLength } from '../../model/resource-policy.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { changePolicy, type PolicyTarget, policyTarget } from './target.ts';

/** Replaces the whole document, also what AddPermission wrote; Deny and any condition may stand in it. */
export function putResourcePolicy(parts: LambdaParts): LambdaOperation<'PutResourcePolicy'> {
  return {
    async handle({ ResourceArn, Policy = '', RevisionId }, context) {
      const target = policyTarget(namedFunction(ResourceArn, context));
      checkDocument(Policy, target);
      const document = checkedLength(JSON.stringify(JSON.parse(Policy)));
      const after = await changePolicy(parts, target, { revisionId: RevisionId, next: () => document });
      return { Policy: after?.document, RevisionId: after?.revisionId };
    },
  };
}

function checkDocument(text: string, target: PolicyTarget): void {
  try {
    policyOf(text, 'resource');
  } catch (error) {
    if (error instanceof MalformedPolicy) throw invalidParameterValue(`The policy is not valid: ${error.message}`);
    throw error;
  }
  for (const { action, resource } of readDocument(text, 'resource').statements) {
    const foreign = action.of.find((each) => each !== '*' && !/^lambda:/i.test(each));
    if (foreign !== undefined)
      throw invalidParameterValue(`The policy is not valid: ${foreign} is no action of lambda`);
    for (const arn of resource.of) checkResource(arn, target);
  }
}

/** The function's policy may speak of its versions and aliases too; that of a version or an alias of nothing else. */
function checkResource(pattern: string, { key, qualifier }: PolicyTarget): void {
  const arn = functionArn(key, qualifier);
  const within = pattern.startsWith(`${functionArn(key)}:`) && qualifier === undefined;
  if (within || arnMatcher(pattern, { variables: false })(arn, new Map())) return;
  throw invalidParameterValue(`The policy is not valid: its resource ${pattern} is not ${arn}`);
}
