import { checkedTopicArn } from '../names.ts';
import type { SnsParts } from '../parts.ts';
import type { SnsOperation } from './types.ts';

/** A topic that was never there is also deleted. */
export function deleteTopic({ store }: SnsParts): SnsOperation<'DeleteTopic'> {
  return {
    async handle({ TopicArn }, context) {
      const arn = checkedTopicArn(TopicArn, context);
      if (store.topic(arn)?.accountId === context.accountId) await store.deleteTopic(arn);
      return {};
    },
  };
}
