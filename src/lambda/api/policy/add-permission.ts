import { functionArn } from '../../model/function.ts';
import { namedFunction } from '../../model/names.ts';
import { policyWith } from '../../model/resource-policy.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { permissionStatement } from './statement.ts';
import { changePolicy, policyTarget } from './target.ts';

export function addPermission(parts: LambdaParts): LambdaOperation<'AddPermission'> {
  return {
    async handle(input, context) {
      const target = policyTarget(namedFunction(input.FunctionName, context, input.Qualifier));
      const statement = permissionStatement(input, functionArn(target.key, target.qualifier));
      await changePolicy(parts, target, {
        revisionId: input.RevisionId,
        next: (document) => policyWith(document, statement),
      });
      return { Statement: JSON.stringify(statement) };
    },
  };
}
