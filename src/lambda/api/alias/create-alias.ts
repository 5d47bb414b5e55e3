import type { Alias } from '../../model/alias.ts';
import { aliasLimitExceeded, resourceConflict } from '../../model/errors.ts';
import { functionArn, functionKeyText } from '../../model/function.ts';
import { aliasesMax } from '../../model/limits.ts';
import { unqualifiedFunction } from '../../model/names.ts';
import { ownedKey, put } from '../../model/resources.ts';
import { existingFunction } from '../function/record.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { checkRoute, renderAlias, weightsOf } from './route.ts';

/** Neither the function nor the version gets a new revision by it (reference: lambda-semantics 1.4). */
export function createAlias(parts: LambdaParts): LambdaOperation<'CreateAlias'> {
  const { functions, resources, random, turns } = parts;
  return {
    async handle(input, context) {
      const key = unqualifiedFunction(input.FunctionName, context);
      const alias: Alias = {
        name: input.Name ?? '',
        functionVersion: input.FunctionVersion ?? '',
        description: input.Description ?? '',
        additionalVersionWeights: weightsOf(input.RoutingConfig ?? {}),
        revisionId: random.uuid(),
      };
      // The version that it leads to must still be there when it is written.
      return turns.take(functionKeyText(key), async () => {
        existingFunction(functions, key);
        checkRoute(parts, key, alias);
        const place = ownedKey(key, alias.name);
        if (resources.get('alias', place)) throw taken(functionArn(key, alias.name));
        if (resources.count('alias', place) >= aliasesMax) throw tooMany();
        if (!(await resources.write([put('alias', place, alias, 'absent')]))) throw taken(functionArn(key, alias.name));
        return renderAlias(key, alias);
      });
    },
  };
}

function taken(arn: string): Error {
  return resourceConflict(`Alias already exists: ${arn}`);
}

function tooMany(): Error {
  return aliasLimitExceeded(`Cannot create another alias: a function has ${aliasesMax} at most`);
}
