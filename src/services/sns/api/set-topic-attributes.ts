import { invalidParameter } from '../errors.ts';
import { type SnsParts, topicAt } from '../parts.ts';
import { isFifo, withTopicAttributes } from '../topic-attributes.ts';
import type { SnsOperation } from './types.ts';

export function setTopicAttributes(parts: SnsParts): SnsOperation<'SetTopicAttributes'> {
  return {
    async handle({ TopicArn, AttributeName: name, AttributeValue: value = '' }, context) {
      const topic = topicAt(parts, context, TopicArn);
      if (name === undefined || name === '') throw invalidParameter('AttributeName');
      const attributes = withTopicAttributes(topic.attributes, { [name]: value }, isFifo(topic));
      await parts.store.putTopic({ ...topic, attributes });
      return {};
    },
  };
}
