import { withTags } from '../../model/tags.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { tagged } from './tagged.ts';

/** A function gets a new revision id, and refuses while an update is in progress (reference: 1.4 and 1.7). */
export function tagResource(parts: LambdaParts): LambdaOperation<'TagResource'> {
  return {
    async handle({ Resource, Tags }, context) {
      const target = tagged(parts, Resource, context);
      await target.retag(withTags(target.tags, Tags ?? {}));
      return {};
    },
  };
}
