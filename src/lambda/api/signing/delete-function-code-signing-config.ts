import { functionSigningKey } from '../../model/code-signing.ts';
import { unqualifiedFunction } from '../../model/names.ts';
import { remove } from '../../model/resources.ts';
import { existingFunction } from '../function/record.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';

/** 204 also for a function that had none (reference: lambda-semantics 1.1). */
export function deleteFunctionCodeSigningConfig({
  functions,
  resources,
}: LambdaParts): LambdaOperation<'DeleteFunctionCodeSigningConfig'> {
  return {
    async handle({ FunctionName }, context) {
      const key = unqualifiedFunction(FunctionName, context);
      existingFunction(functions, key);
      await resources.write([remove('function-signing', functionSigningKey(key))]);
      return {};
    },
  };
}
