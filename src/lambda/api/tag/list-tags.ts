import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { taggedFunction } from './tagged-function.ts';

export function listTags({ functions }: LambdaParts): LambdaOperation<'ListTags'> {
  return {
    handle({ Resource }, context) {
      return { Tags: { ...taggedFunction(functions, Resource, context).tags } };
    },
  };
}
