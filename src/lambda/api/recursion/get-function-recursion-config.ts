import { unqualifiedFunction } from '../../model/names.ts';
import { ownedKey } from '../../model/resources.ts';
import { existingFunction } from '../function/record.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';

export function getFunctionRecursionConfig(parts: LambdaParts): LambdaOperation<'GetFunctionRecursionConfig'> {
  const { functions, resources } = parts;
  return {
    handle({ FunctionName }, context) {
      const key = unqualifiedFunction(FunctionName, context);
      existingFunction(functions, key);
      const config = resources.get('recursion-config', ownedKey(key, ''));
      return { RecursiveLoop: config?.recursiveLoop ?? 'Terminate' };
    },
  };
}
