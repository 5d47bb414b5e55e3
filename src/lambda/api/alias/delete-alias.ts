import { functionKeyText } from '../../model/function.ts';
import { unqualifiedFunction } from '../../model/names.ts';
import { ownedKey, remove, removeOwnedByQualifier } from '../../model/resources.ts';
import { existingFunction } from '../function/record.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';

/** An alias that never existed is also deleted with 204 (reference: lambda-semantics 1.1). */
export function deleteAlias({ functions, resources, provisioner, turns }: LambdaParts): LambdaOperation<'DeleteAlias'> {
  return {
    async handle({ FunctionName, Name = '' }, context) {
      const key = unqualifiedFunction(FunctionName, context);
      existingFunction(functions, key);
      // What is being attached to it goes too.
      await turns.take(functionKeyText(key), () =>
        resources.write([remove('alias', ownedKey(key, Name)), ...removeOwnedByQualifier(key, Name)]),
      );
      provisioner.changed(key);
      return {};
    },
  };
}
