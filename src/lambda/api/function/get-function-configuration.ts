import { namedFunction } from '../../model/names.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { existingVersion } from './record.ts';
import { shownFunction } from './shown.ts';

export function getFunctionConfiguration(parts: LambdaParts): LambdaOperation<'GetFunctionConfiguration'> {
  return {
    handle({ FunctionName, Qualifier }, context) {
      const named = namedFunction(FunctionName, context, Qualifier);
      return shownFunction(parts, existingVersion(parts, named), named.qualifier);
    },
  };
}
