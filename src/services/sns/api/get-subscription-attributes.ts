import { type SnsParts, subscriptionAt } from '../parts.ts';
import type { SnsOperation } from './types.ts';

export function getSubscriptionAttributes(parts: SnsParts): SnsOperation<'GetSubscriptionAttributes'> {
  return {
    handle({ SubscriptionArn }, context) {
      const subscription = subscriptionAt(parts, context, SubscriptionArn);
      const { attributes } = subscription;
      return {
        Attributes: {
          SubscriptionArn: subscription.arn,
          TopicArn: subscription.topicArn,
          Protocol: subscription.protocol,
          Endpoint: subscription.endpoint,
          Owner: subscription.owner,
          SubscriptionPrincipal: subscription.principalArn,
          ConfirmationWasAuthenticated: String(subscription.authenticated),
          PendingConfirmation: String(subscription.token !== undefined),
          RawMessageDelivery: 'false',
          ...(attributes.FilterPolicy === undefined ? {} : { FilterPolicyScope: 'MessageAttributes' }),
          ...attributes,
        },
      };
    },
  };
}
