import type { Alias } from '../../model/alias.ts';
import { resourceNotFound, revisionMismatch, updateInProgress } from '../../model/errors.ts';
import { functionArn, functionKeyText } from '../../model/function.ts';
import { unqualifiedFunction } from '../../model/names.ts';
import { ownedKey, put } from '../../model/resources.ts';
import { existingFunction } from '../function/record.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { checkRoute, renderAlias, weightsOf } from './route.ts';

/** Members that are absent stay. Who invokes the alias runs what it leads to from the next request on. */
export function updateAlias(parts: LambdaParts): LambdaOperation<'UpdateAlias'> {
  const { functions, resources, random, turns } = parts;
  return {
    async handle(input, context) {
      const key = unqualifiedFunction(input.FunctionName, context);
      return turns.take(functionKeyText(key), async () => {
        existingFunction(functions, key);
        const place = ownedKey(key, input.Name ?? '');
        const arn = functionArn(key, place.name);
        const before = resources.get('alias', place);
        if (before === undefined) throw resourceNotFound(`Alias not found: ${arn}`);
        if (input.RevisionId !== undefined && input.RevisionId !== before.revisionId) throw revisionMismatch();
        const alias: Alias = {
          ...before,
          functionVersion: input.FunctionVersion ?? before.functionVersion,
          description: input.Description ?? before.description,
          additionalVersionWeights: input.RoutingConfig
            ? weightsOf(input.RoutingConfig)
            : before.additionalVersionWeights,
          revisionId: random.uuid(),
        };
        checkRoute(parts, key, alias);
        const changed = await resources.write([put('alias', place, alias, { revisionId: before.revisionId })]);
        if (!changed) throw updateInProgress(arn);
        parts.provisioner.changed(key);
        return renderAlias(key, alias);
      });
    },
  };
}
