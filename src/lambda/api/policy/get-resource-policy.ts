import { namedFunction } from '../../model/names.ts';
import { noPolicyThere } from '../../model/resource-policy.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { policyTarget, targetPolicy } from './target.ts';

/** The same document as GetPolicy's, whichever way it came to be. */
export function getResourcePolicy(parts: LambdaParts): LambdaOperation<'GetResourcePolicy'> {
  return {
    handle({ ResourceArn }, context) {
      const policy = targetPolicy(parts, policyTarget(namedFunction(ResourceArn, context)));
      if (policy === undefined) throw noPolicyThere();
      return { Policy: policy.document, RevisionId: policy.revisionId };
    },
  };
}
