import { shownSubscription } from '../listed.ts';
import { page, type SnsParts, topicAt } from '../parts.ts';
import type { SnsOperation } from './types.ts';

export function listSubscriptionsByTopic(parts: SnsParts): SnsOperation<'ListSubscriptionsByTopic'> {
  return {
    handle({ TopicArn, NextToken }, context) {
      const { arn } = topicAt(parts, context, TopicArn);
      const sorted = parts.store.subscriptionsOf(arn).sort((a, b) => (a.arn < b.arn ? -1 : 1));
      const { items, next } = page(sorted, (one) => one.arn, NextToken);
      return { Subscriptions: items.map(shownSubscription), NextToken: next };
    },
  };
}
