import { tokenMsMax } from '../confirmation.ts';
import { invalidParameter, noSuchTopic } from '../errors.ts';
import { checkedTopicArn, topicOf } from '../names.ts';
import type { SnsParts } from '../parts.ts';
import type { SnsOperation } from './types.ts';

/** The token is what lets its bearer in: endpoints open the link that they were sent, unsigned. */
export function confirmSubscription({ store, clock }: SnsParts): SnsOperation<'ConfirmSubscription'> {
  return {
    authentication: 'own',
    async handle({ TopicArn, Token }) {
      const arn = checkedTopicArn(TopicArn, { region: TopicArn?.split(':')[3] ?? '' });
      if (store.topic(arn) === undefined) throw noSuchTopic();
      const found = store.subscriptionsOf(arn).find(({ token }) => token !== undefined && token === Token);
      if (found === undefined || clock.now() - found.createdAt > tokenMsMax) throw invalidParameter('Token');
      const { token: _, ...subscription } = found;
      await store.putSubscription(subscription);
      return { SubscriptionArn: `${topicOf(found.arn)}:${found.arn.split(':')[6]}` };
    },
  };
}
