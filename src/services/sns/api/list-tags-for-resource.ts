import type { SnsParts } from '../parts.ts';
import { taggedTopic } from '../tags.ts';
import type { SnsOperation } from './types.ts';

export function listTagsForResource({ store }: SnsParts): SnsOperation<'ListTagsForResource'> {
  return {
    handle({ ResourceArn }, context) {
      const { tags } = taggedTopic(store, context, ResourceArn);
      return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
    },
  };
}
