import { withoutTags } from '../../model/tags.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { tagged } from './tagged.ts';

/** Keys that are not there are no error: 204 all the same (reference: lambda-semantics 1.1). */
export function untagResource(parts: LambdaParts): LambdaOperation<'UntagResource'> {
  return {
    async handle({ Resource, TagKeys }, context) {
      const target = tagged(parts, Resource, context);
      const tags = withoutTags(target.tags, TagKeys ?? []);
      if (Object.keys(tags).length < Object.keys(target.tags).length) await target.retag(tags);
      return {};
    },
  };
}
