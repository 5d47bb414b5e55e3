import { advanceMapping, isUnderWay } from '../../lifecycle/mapping-state.ts';
import { changedMappingConfiguration } from '../../model/mapping/configuration.ts';
import { claimKey, type Mapping, mappingKey } from '../../model/mapping/mapping.ts';
import { renderMapping } from '../../model/mapping/render.ts';
import { type Change, put, remove } from '../../model/resources.ts';
import { dataKeys } from '../../sources/filter/data-keys.ts';
import { compileFilters } from '../../sources/filter/filters.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { alreadyMapped } from './already-mapped.ts';
import { existingMapping, mappingInUse } from './existing-mapping.ts';
import { targetFunction } from './target-function.ts';

/** Members that are absent stay; an empty structure clears. Answers Updating, Enabling or Disabling. */
export function updateEventSourceMapping(parts: LambdaParts): LambdaOperation<'UpdateEventSourceMapping'> {
  const { resources, random, clock, mappings } = parts;
  return {
    async handle(input, context) {
      const before = existingMapping(resources, context, input.UUID);
      const { source } = before;
      const configuration = changedMappingConfiguration(source, before.configuration, input);
      compileFilters(configuration.FilterCriteria, dataKeys[source]);
      const moved = input.FunctionName === undefined ? undefined : targetFunction(parts, input.FunctionName, context);
      if (isUnderWay(before)) throw mappingInUse('update');
      const { functionName, qualifier } = moved?.target ?? before;
      const enabled = input.Enabled ?? before.enabled;
      const change = { functionName, qualifier, enabled, configuration, revisionId: random.uuid() };
      const after = advanceMapping(before, { kind: 'update', ...change }, clock.now());
      if (after === 'refused' || after === 'gone') throw mappingInUse('update');
      if (moved !== undefined) await mappings.check(after, moved.timeoutSeconds);
      if (!(await resources.write(changes(before, after)))) throw refusal(parts, before, after);
      mappings.kick(after);
      return renderMapping(after, mappings.lastResult(after.uuid));
    },
  };
}

/** The place that the mapping has moves with its function. */
function changes(before: Mapping, after: Mapping): Change[] {
  const when = { revisionId: before.revisionId };
  const written = put('mapping', mappingKey(after, after.uuid), after, when);
  const [from, to] = [claimKey(before), claimKey(after)];
  if (from.owner === to.owner && from.name === to.name) return [written];
  return [written, remove('mapping-claim', from), put('mapping-claim', to, { uuid: after.uuid }, 'absent')];
}

/** Either the function has such a mapping already, or somebody else changed this one in between. */
function refusal({ resources }: LambdaParts, before: Mapping, after: Mapping): Error {
  const holder = resources.get('mapping-claim', claimKey(after))?.uuid;
  if (holder !== undefined && holder !== before.uuid) return alreadyMapped(resources, after);
  return mappingInUse('update');
}
