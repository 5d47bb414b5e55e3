import { advanceMapping } from '../../lifecycle/mapping-state.ts';
import { resourceNotFound } from '../../model/errors.ts';
import { mappingArn, mappingKey } from '../../model/mapping/mapping.ts';
import { put } from '../../model/resources.ts';
import { mappingInUse } from '../mapping/existing-mapping.ts';
import type { TagTarget } from './tagged.ts';

const attemptsMax = 5;

/** A mapping takes tags whatever is under way, until it is being deleted. */
export const taggedMapping: TagTarget = ({ resources, random, clock }, arn, context) => {
  const uuid = arn.slice(arn.lastIndexOf(':') + 1);
  const key = mappingKey(context, uuid);
  const mapping = resources.get('mapping', key);
  // Another account or region has none here either.
  if (mapping === undefined || mappingArn(mapping) !== arn) {
    throw resourceNotFound(`Event source mapping not found: ${arn}`);
  }
  return {
    tags: mapping.tags,
    async retag(tags) {
      // What is done for the mapping meanwhile changes it too, and then it is read again.
      for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
        const current = resources.get('mapping', key) ?? mapping;
        const next = advanceMapping(current, { kind: 'tag', revisionId: random.uuid(), tags }, clock.now());
        if (next === 'refused' || next === 'gone') break;
        if (await resources.write([put('mapping', key, next, { revisionId: current.revisionId })])) return;
      }
      throw mappingInUse('update');
    },
  };
};
