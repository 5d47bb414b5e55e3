import { unqualifiedFunction } from '../../model/names.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { reserve } from './reservations.ts';

/** Both a cap and a guarantee; 0 blocks the function (reference: lambda-semantics 1.10). */
export function putFunctionConcurrency(parts: LambdaParts): LambdaOperation<'PutFunctionConcurrency'> {
  return {
    async handle({ FunctionName, ReservedConcurrentExecutions = 0 }, context) {
      await reserve(parts, unqualifiedFunction(FunctionName, context), ReservedConcurrentExecutions);
      return { ReservedConcurrentExecutions };
    },
  };
}
