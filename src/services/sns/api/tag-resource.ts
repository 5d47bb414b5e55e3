import type { SnsParts } from '../parts.ts';
import { taggedTopic, withTags } from '../tags.ts';
import type { SnsOperation } from './types.ts';

export function tagResource({ store }: SnsParts): SnsOperation<'TagResource'> {
  return {
    async handle({ ResourceArn, Tags = [] }, context) {
      const topic = taggedTopic(store, context, ResourceArn);
      await store.putTopic({ ...topic, tags: withTags(topic.tags, Tags) });
      return {};
    },
  };
}
