import { createdMapping } from '../../lifecycle/mapping-state.ts';
import { newMappingConfiguration, sourceOf } from '../../model/mapping/configuration.ts';
import { claimKey, mappingKey } from '../../model/mapping/mapping.ts';
import { renderMapping } from '../../model/mapping/render.ts';
import { put } from '../../model/resources.ts';
import { withTags } from '../../model/tags.ts';
import { dataKeys } from '../../sources/filter/data-keys.ts';
import { compileFilters } from '../../sources/filter/filters.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { alreadyMapped } from './already-mapped.ts';
import { targetFunction } from './target-function.ts';

/** Answers Creating; the reconciler makes it Enabled, or Disabled when that was asked for (reference: lambda-semantics 5.1). */
export function createEventSourceMapping(parts: LambdaParts): LambdaOperation<'CreateEventSourceMapping'> {
  const { resources, random, clock, mappings } = parts;
  return {
    async handle(input, context) {
      const source = sourceOf(input);
      const { target, timeoutSeconds } = targetFunction(parts, input.FunctionName, context);
      const uuid = random.uuid();
      const now = clock.now();
      const configuration = newMappingConfiguration({ input, source, uuid, now });
      compileFilters(configuration.FilterCriteria, dataKeys[source]);
      const tags = withTags({}, input.Tags ?? {});
      const identity = { ...target, uuid, source, revisionId: random.uuid() };
      const mapping = createdMapping({ ...identity, configuration, enabled: input.Enabled ?? true, tags }, now);
      await mappings.check(mapping, timeoutSeconds);
      const written = await resources.write([
        put('mapping', mappingKey(mapping, uuid), mapping, 'absent'),
        put('mapping-claim', claimKey(mapping), { uuid }, 'absent'),
      ]);
      if (!written) throw alreadyMapped(resources, mapping);
      mappings.kick(mapping);
      return renderMapping(mapping, undefined);
    },
  };
}
