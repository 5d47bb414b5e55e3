import { page, type SnsParts } from '../parts.ts';
import type { SnsOperation } from './types.ts';

export function listTopics({ store }: SnsParts): SnsOperation<'ListTopics'> {
  return {
    handle({ NextToken }, context) {
      const { items, next } = page(store.topicsIn(context), ({ arn }) => arn, NextToken);
      return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), NextToken: next };
    },
  };
}
