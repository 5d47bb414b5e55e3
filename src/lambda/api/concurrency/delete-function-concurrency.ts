import { unqualifiedFunction } from '../../model/names.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { release } from './reservations.ts';

/** 204 also where nothing was reserved. */
export function deleteFunctionConcurrency(parts: LambdaParts): LambdaOperation<'DeleteFunctionConcurrency'> {
  return {
    async handle({ FunctionName }, context) {
      await release(parts, unqualifiedFunction(FunctionName, context));
      return {};
    },
  };
}
