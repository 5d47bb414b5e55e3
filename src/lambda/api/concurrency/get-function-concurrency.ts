import { unqualifiedFunction } from '../../model/names.ts';
import { ownedKey } from '../../model/resources.ts';
import { existingFunction } from '../function/record.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';

/** A function for which nothing is reserved answers `{}`, not 404 (reference: lambda-semantics 1.10). */
export function getFunctionConcurrency(parts: LambdaParts): LambdaOperation<'GetFunctionConcurrency'> {
  const { functions, resources } = parts;
  return {
    handle({ FunctionName }, context) {
      const key = unqualifiedFunction(FunctionName, context);
      existingFunction(functions, key);
      return { ReservedConcurrentExecutions: resources.get('reserved-concurrency', ownedKey(key, ''))?.places };
    },
  };
}
