import { unqualifiedFunction } from '../../model/names.ts';
import { existingFunction } from '../function/record.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';

/** An unset function answers `{}` (reference: lambda-semantics 1.10), and none can be set yet. */
export function getFunctionConcurrency({ functions }: LambdaParts): LambdaOperation<'GetFunctionConcurrency'> {
  return {
    handle({ FunctionName }, context) {
      existingFunction(functions, unqualifiedFunction(FunctionName, context));
      return {};
    },
  };
}
