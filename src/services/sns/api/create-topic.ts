import type { Topic } from '../../../store/sns/topics.ts';
import { invalidParameter } from '../errors.ts';
import { isTopicName, topicArn } from '../names.ts';
import type { SnsParts } from '../parts.ts';
import { withTags } from '../tags.ts';
import { shownTopicAttributes, withTopicAttributes } from '../topic-attributes.ts';
import type { SnsOperation } from './types.ts';

/** Answers with the topic that is there already when what was given is as it has it. */
export function createTopic({ store }: SnsParts): SnsOperation<'CreateTopic'> {
  return {
    async handle({ Name: name = '', Attributes = {}, Tags = [] }, context) {
      const fifo = Attributes.FifoTopic === 'true';
      if (!isTopicName(name) || name.endsWith('.fifo') !== fifo) throw invalidParameter('Topic Name');
      // `FifoTopic: false` is what every standard topic is.
      const { FifoTopic: _, ...others } = Attributes;
      const given = fifo ? Attributes : others;
      const attributes = withTopicAttributes({}, given, fifo);
      const tags = withTags({}, Tags);
      const { accountId, region } = context;
      const arn = topicArn(context, name);
      const there = store.topic(arn);
      if (there !== undefined) checkSame(there, given, tags);
      else await store.putTopic({ arn, accountId, region, name, attributes, tags });
      return { TopicArn: arn };
    },
  };
}

function checkSame(topic: Topic, given: Readonly<Record<string, string>>, tags: Topic['tags']): void {
  const has = shownTopicAttributes(topic);
  if (Object.keys(given).some((name) => given[name] !== has[name])) {
    throw invalidParameter('Attributes Reason: Topic already exists with different attributes');
  }
  if (Object.keys(tags).some((key) => tags[key] !== topic.tags[key])) {
    throw invalidParameter('Tags Reason: Topic already exists with different tags');
  }
}
