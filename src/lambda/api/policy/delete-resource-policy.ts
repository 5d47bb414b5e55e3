import { namedFunction } from '../../model/names.ts';
import { noPolicy } from '../../model/resource-policy.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { changePolicy, policyTarget } from './target.ts';

export function deleteResourcePolicy(parts: LambdaParts): LambdaOperation<'DeleteResourcePolicy'> {
  return {
    async handle({ ResourceArn, RevisionId }, context) {
      const target = policyTarget(namedFunction(ResourceArn, context));
      await changePolicy(parts, target, {
        revisionId: RevisionId,
        next(document) {
          if (document === undefined) throw noPolicy();
          return undefined;
        },
      });
      return {};
    },
  };
}
