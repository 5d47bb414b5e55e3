import { changedConfiguration, withLayers } from '../../model/configuration.ts';
import type { AttachedLayer } from '../../model/layer.ts';
import { unqualifiedFunction } from '../../model/names.ts';
import { attachedLayers, checkUnzippedTogether, heldLayers } from '../layer/attached-layers.ts';
import type { LambdaParts } from '../parts.ts';
import { functionConfig, verifySignatures } from '../signing/verify.ts';
import type { LambdaOperation } from '../types.ts';
import { change, checkChangeable, existingFunction } from './record.ts';
import { checkRole } from './role-check.ts';
import { checkRuntimeHere } from './runtime-check.ts';
import { shownFunction } from './shown.ts';

/** Members that are absent stay; Environment and LoggingConfig are replaced as a whole (reference: lambda-semantics 1.6). */
export function updateFunctionConfiguration(parts: LambdaParts): LambdaOperation<'UpdateFunctionConfiguration'> {
  const { functions, resources, random, runtimes } = parts;
  return {
    async handle(input, context) {
      const record = existingFunction(functions, unqualifiedFunction(input.FunctionName, context));
      const { configuration: before, code } = record.latest;
      const layers = input.Layers && attachedLayers(resources, input.Layers, context);
      using _held = heldLayers(parts.code, layers);
      const configuration = withLayers(changedConfiguration(record.name, before, input), layers);
      if (input.Role !== undefined || input.DeadLetterConfig !== undefined) checkRole(parts, configuration, record);
      checkUnzippedTogether(code, layers);
      if (layers) verifySignatures(functionConfig(resources, record), { layers: addedTo(before.layers, layers) });
      if (configuration.runtime !== before.runtime) checkRuntimeHere(runtimes, configuration.runtime);
      checkChangeable(record, input.RevisionId);
      const ids = { id: random.uuid(), revisionId: random.uuid() };
      const next = await change(parts, record, { kind: 'update', ...ids, configuration, code });
      parts.kick();
      return shownFunction(parts, next.latest);
    },
  };
}

/** AWS looks at the layers that are new. */
function addedTo(before: readonly AttachedLayer[] = [], after: readonly AttachedLayer[]): readonly AttachedLayer[] {
  return after.filter(({ arn }) => !before.some((each) => each.arn === arn));
}
