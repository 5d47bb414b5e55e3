import { type SnsParts, topicAt } from '../parts.ts';
import { shownTopicAttributes } from '../topic-attributes.ts';
import type { SnsOperation } from './types.ts';

export function getTopicAttributes(parts: SnsParts): SnsOperation<'GetTopicAttributes'> {
  return {
    handle({ TopicArn }, context) {
      const topic = topicAt(parts, context, TopicArn);
      const subscriptions = parts.store.subscriptionsOf(topic.arn);
      const pending = subscriptions.filter(({ token }) => token !== undefined).length;
      const counts = {
        SubscriptionsPending: String(pending),
        SubscriptionsConfirmed: String(subscriptions.length - pending),
        SubscriptionsDeleted: '0',
      };
      return { Attributes: { ...shownTopicAttributes(topic), ...counts } };
    },
  };
}
