import { withoutTags } from '../../model/tags.ts';
import { change, checkChangeable } from '../function/record.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { taggedFunction } from './tagged-function.ts';

/** Keys that are not there are no error: 204 all the same (reference: lambda-semantics 1.1). */
export function untagResource(parts: LambdaParts): LambdaOperation<'UntagResource'> {
  return {
    async handle({ Resource, TagKeys }, context) {
      const record = taggedFunction(parts.functions, Resource, context);
      const tags = withoutTags(record.tags, TagKeys ?? []);
      checkChangeable(record, undefined);
      if (Object.keys(tags).length === Object.keys(record.tags).length) return {};
      await change(parts, record, { kind: 'tag', revisionId: parts.random.uuid(), tags });
      return {};
    },
  };
}
