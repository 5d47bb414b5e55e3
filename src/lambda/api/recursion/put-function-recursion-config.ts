import { unqualifiedFunction } from '../../model/names.ts';
import { ownedKey, put } from '../../model/resources.ts';
import { writeOwned } from '../function/record.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';

export function putFunctionRecursionConfig(parts: LambdaParts): LambdaOperation<'PutFunctionRecursionConfig'> {
  const { resources, recursion } = parts;
  return {
    async handle({ FunctionName, RecursiveLoop: recursiveLoop = 'Terminate' }, context) {
      const key = unqualifiedFunction(FunctionName, context);
      const place = ownedKey(key, '');
      await writeOwned(parts, key, [put('recursion-config', place, { recursiveLoop })]);
      // As it is kept now: a delete of the function may have come right behind.
      recursion.allow(key, resources.get('recursion-config', place)?.recursiveLoop === 'Allow');
      return { RecursiveLoop: recursiveLoop };
    },
  };
}
