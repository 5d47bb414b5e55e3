import type { Tag } from '@aws-sdk/client-sns';
import type { RequestContext } from '../../aws/operation.ts';
import type { Topic, TopicStore } from '../../store/sns/topics.ts';
import { invalidParameter, noSuchResource, tooManyTags } from './errors.ts';

const tagsMax = 50;

export function withTags(before: Topic['tags'], added: readonly Tag[]): Topic['tags'] {
  const tags = { ...before };
  for (const { Key: key = '', Value: value = '' } of added) {
    if (/^aws:/i.test(key)) throw invalidParameter('Tags Reason: Tag keys must not start with aws:, which is reserved');
    tags[key] = value;
  }
  if (new Set(added.map(({ Key }) => Key)).size < added.length)
    throw invalidParameter('Duplicated keys are not allowed.');
  if (Object.keys(tags).length > tagsMax) throw tooManyTags();
  return tags;
}

export function taggedTopic(store: TopicStore, { accountId }: RequestContext, arn = ''): Topic {
  const topic = store.topic(arn);
  if (topic === undefined || topic.accountId !== accountId) throw noSuchResource();
  return topic;
}
