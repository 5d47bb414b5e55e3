import { withTags } from '../../model/tags.ts';
import { change, checkChangeable } from '../function/record.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { taggedFunction } from './tagged-function.ts';

/** Gives the function a new revision id, and is refused while an update is in progress (reference: 1.4 and 1.7). */
export function tagResource(parts: LambdaParts): LambdaOperation<'TagResource'> {
  return {
    async handle({ Resource, Tags }, context) {
      const record = taggedFunction(parts.functions, Resource, context);
      const tags = withTags(record.tags, Tags ?? {});
      checkChangeable(record, undefined);
      await change(parts, record, { kind: 'tag', revisionId: parts.random.uuid(), tags });
      return {};
    },
  };
}
