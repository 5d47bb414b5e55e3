import { namedFunction } from '../../model/names.ts';
import { renderFunction } from '../../model/render.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { qualifiedFunction } from './record.ts';

export function getFunctionConfiguration({ functions }: LambdaParts): LambdaOperation<'GetFunctionConfiguration'> {
  return {
    handle({ FunctionName, Qualifier }, context) {
      const named = namedFunction(FunctionName, context, Qualifier);
      const { latest } = qualifiedFunction(functions, named);
      return renderFunction(latest, { qualified: named.qualifier !== undefined });
    },
  };
}
