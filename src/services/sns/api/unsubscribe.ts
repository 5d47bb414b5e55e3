import { type SnsParts, subscriptionAt } from '../parts.ts';
import type { SnsOperation } from './types.ts';

export function unsubscribe(parts: SnsParts): SnsOperation<'Unsubscribe'> {
  return {
    async handle({ SubscriptionArn }, context) {
      // Once more is no mistake.
      if (SubscriptionArn?.split(':').length === 7 && parts.store.subscription(SubscriptionArn) === undefined)
        return {};
      await parts.store.deleteSubscription(subscriptionAt(parts, context, SubscriptionArn));
      return {};
    },
  };
}
