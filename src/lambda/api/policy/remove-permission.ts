import { namedFunction } from '../../model/names.ts';
import { policyWithout } from '../../model/resource-policy.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { changePolicy, policyTarget } from './target.ts';

export function removePermission(parts: LambdaParts): LambdaOperation<'RemovePermission'> {
  return {
    async handle({ FunctionName, Qualifier, StatementId = '', RevisionId }, context) {
      const target = policyTarget(namedFunction(FunctionName, context, Qualifier));
      await changePolicy(parts, target, {
        revisionId: RevisionId,
        next: (document) => policyWithout(document, StatementId),
      });
      return {};
    },
  };
}
