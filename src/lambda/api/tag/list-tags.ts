import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { tagged } from './tagged.ts';

export function listTags(parts: LambdaParts): LambdaOperation<'ListTags'> {
  return {
    handle({ Resource }, context) {
      return { Tags: { ...tagged(parts, Resource, context).tags } };
    },
  };
}
