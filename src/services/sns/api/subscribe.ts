import type { RequestContext } from '../../../aws/operation.ts';
import type { Subscription, Topic } from '../../../store/sns/topics.ts';
import { confirmationOf } from '../confirmation.ts';
import { checkedEndpoint } from '../endpoint.ts';
import { invalidParameter } from '../errors.ts';
import { type SnsParts, topicAt } from '../parts.ts';
import { withSubscriptionAttributes } from '../subscription-attributes.ts';
import type { SnsOperation } from './types.ts';

const pending = 'pending confirmation';

/** The same endpoint again is the subscription that is there. */
export function subscribe(parts: SnsParts): SnsOperation<'Subscribe'> {
  return {
    async handle(input, context) {
      const { Protocol: protocol = '', Attributes = {}, ReturnSubscriptionArn } = input;
      const topic = topicAt(parts, context, input.TopicArn);
      const endpoint = checkedEndpoint(topic, protocol, input.Endpoint);
      const attributes = withSubscriptionAttributes({}, Attributes, protocol);
      const there = parts.store
        .subscriptionsOf(topic.arn)
        .find((one) => one.protocol === protocol && one.endpoint === endpoint);
      if (there !== undefined) checkSame(there, attributes);
      const subscription = there ?? made(parts, { topic, protocol, endpoint, attributes, context });
      if (there === undefined || there.token !== undefined) {
        const asked = subscription.token === undefined ? [] : [await confirmationOf(parts, topic, subscription)];
        await parts.store.putSubscription(subscription, parts.deliveries.joined(asked));
      }
      const shown = subscription.token === undefined || ReturnSubscriptionArn;
      return { SubscriptionArn: shown ? subscription.arn : pending };
    },
  };
}

function checkSame({ attributes: has }: Subscription, given: Readonly<Record<string, string>>): void {
  if (Object.keys(given).every((name) => given[name] === has[name])) return;
  throw invalidParameter('Attributes Reason: Subscription already exists with different attributes');
}

interface NewSubscription {
  readonly topic: Topic;
  readonly protocol: string;
  readonly endpoint: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly context: RequestContext;
}

function made(
  { random, clock }: SnsParts,
  { topic, protocol, endpoint, attributes, context }: NewSubscription,
): Subscription {
  const { principal } = context;
  // Who owns the queue or function has confirmed by subscribing it; everybody else is asked.
  const confirmed = endpoint.split(':')[4] === principal.accountId && !protocol.startsWith('http');
  return {
    arn: `${topic.arn}:${random.uuid()}`,
    topicArn: topic.arn,
    owner: principal.accountId,
    principalArn: principal.arn,
    protocol,
    endpoint,
    attributes,
    token: confirmed ? undefined : random.hex(64),
    authenticated: confirmed,
    createdAt: clock.now(),
    server: context.endpoint,
    inside: context.inside ? true : undefined,
  };
}
