import { renderMapping } from '../../model/mapping/render.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { existingMapping } from './existing-mapping.ts';

export function getEventSourceMapping({ resources, mappings }: LambdaParts): LambdaOperation<'GetEventSourceMapping'> {
  return {
    handle({ UUID }, context) {
      const mapping = existingMapping(resources, context, UUID);
      return renderMapping(mapping, mappings.lastResult(mapping.uuid));
    },
  };
}
