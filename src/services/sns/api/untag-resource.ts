import type { SnsParts } from '../parts.ts';
import { taggedTopic } from '../tags.ts';
import type { SnsOperation } from './types.ts';

export function untagResource({ store }: SnsParts): SnsOperation<'UntagResource'> {
  return {
    async handle({ ResourceArn, TagKeys = [] }, context) {
      const topic = taggedTopic(store, context, ResourceArn);
      const kept = Object.entries(topic.tags).filter(([key]) => !TagKeys.includes(key));
      await store.putTopic({ ...topic, tags: Object.fromEntries(kept) });
      return {};
    },
  };
}
