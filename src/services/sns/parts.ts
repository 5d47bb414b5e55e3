import type { RequestContext } from '../../aws/operation.ts';
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { SqliteDeliveries } from '../../store/deliveries/deliveries.ts';
import type { Subscription, Topic, TopicStore } from '../../store/sns/topics.ts';
import { invalidParameter, noSuchSubscription, noSuchTopic } from './errors.ts';
import { checkedTopicArn, topicOf } from './names.ts';
import type { Publishing } from './publishing.ts';
import type { Signer } from './signer.ts';

/** What the operations of SNS are made of. */
export interface SnsParts {
  readonly store: TopicStore;
  readonly deliveries: SqliteDeliveries;
  readonly publishing: Publishing;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly random: Random;
}

/** Of the account that the call acts in; the front has let the caller in there. */
export function topicAt({ store }: Pick<SnsParts, 'store'>, context: RequestContext, arn: string | undefined): Topic {
  const topic = store.topic(checkedTopicArn(arn, context));
  if (topic === undefined || topic.accountId !== context.accountId) throw noSuchTopic();
  return topic;
}

/** Also for who subscribed from another account. */
export function subscriptionAt(
  { store }: Pick<SnsParts, 'store'>,
  context: RequestContext,
  arn: string | undefined,
): Subscription {
  if (arn === undefined || arn.split(':').length !== 7)
    throw invalidParameter('SubscriptionArn Reason: An ARN must have 7 elements');
  const subscription = store.subscription(arn);
  const owners = [subscription?.owner, topicOf(arn).split(':')[4]];
  if (subscription === undefined || !owners.includes(context.accountId)) throw noSuchSubscription();
  return subscription;
}

const pageMax = 100;

/** A hundred at a time; a token is the last name of the page before. */
export function page<Item>(
  sorted: readonly Item[],
  nameOf: (item: Item) => string,
  token: string | undefined,
): { items: Item[]; next: string | undefined } {
  const after = token === undefined ? '' : Buffer.from(token, 'base64').toString();
  const left = sorted.filter((item) => nameOf(item) > after);
  const items = left.slice(0, pageMax);
  const last = items.at(-1);
  const more = last !== undefined && items.length < left.length;
  return { items, next: more ? Buffer.from(nameOf(last)).toString('base64') : undefined };
}
