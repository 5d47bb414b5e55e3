import { namedFunction } from '../../model/names.ts';
import { noPolicyThere } from '../../model/resource-policy.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { policyTarget, targetPolicy } from './target.ts';

/** A function without a policy, and no function at all, get one and the same answer. */
export function getPolicy(parts: LambdaParts): LambdaOperation<'GetPolicy'> {
  return {
    handle({ FunctionName, Qualifier }, context) {
      const policy = targetPolicy(parts, policyTarget(namedFunction(FunctionName, context, Qualifier)));
      if (policy === undefined) throw noPolicyThere();
      return { Policy: policy.document, RevisionId: policy.revisionId };
    },
  };
}
