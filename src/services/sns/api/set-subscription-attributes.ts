import { invalidParameter } from '../errors.ts';
import { type SnsParts, subscriptionAt } from '../parts.ts';
import { withSubscriptionAttributes } from '../subscription-attributes.ts';
import type { SnsOperation } from './types.ts';

export function setSubscriptionAttributes(parts: SnsParts): SnsOperation<'SetSubscriptionAttributes'> {
  return {
    async handle({ SubscriptionArn, AttributeName: name, AttributeValue: value = '' }, context) {
      const subscription = subscriptionAt(parts, context, SubscriptionArn);
      if (name === undefined || name === '') throw invalidParameter('AttributeName');
      const attributes = withSubscriptionAttributes(subscription.attributes, { [name]: value }, subscription.protocol);
      await parts.store.putSubscription({ ...subscription, attributes });
      return {};
    },
  };
}
