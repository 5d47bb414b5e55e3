import { advanceMapping } from '../../lifecycle/mapping-state.ts';
import { mappingKey } from '../../model/mapping/mapping.ts';
import { renderMapping } from '../../model/mapping/render.ts';
import { put } from '../../model/resources.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { existingMapping, mappingInUse } from './existing-mapping.ts';

/** Answers Deleting; it is gone once nothing of it is under way (reference: lambda-semantics 5.1). */
export function deleteEventSourceMapping(parts: LambdaParts): LambdaOperation<'DeleteEventSourceMapping'> {
  const { resources, random, clock, mappings } = parts;
  return {
    async handle({ UUID }, context) {
      const before = existingMapping(resources, context, UUID);
      const after = advanceMapping(before, { kind: 'delete', revisionId: random.uuid() }, clock.now());
      if (after === 'refused' || after === 'gone') throw mappingInUse('delete');
      const change = put('mapping', mappingKey(after, after.uuid), after, { revisionId: before.revisionId });
      if (!(await resources.write([change]))) throw mappingInUse('delete');
      mappings.kick(after);
      return renderMapping(after, mappings.lastResult(after.uuid));
    },
  };
}
