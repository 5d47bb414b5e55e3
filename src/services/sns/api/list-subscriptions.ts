import { shownSubscription } from '../listed.ts';
import { page, type SnsParts } from '../parts.ts';
import type { SnsOperation } from './types.ts';

export function listSubscriptions({ store }: SnsParts): SnsOperation<'ListSubscriptions'> {
  return {
    handle({ NextToken }, { accountId, region }) {
      const own = [...store.subscriptions()].filter(
        ({ owner, topicArn }) => owner === accountId && topicArn.split(':')[3] === region,
      );
      const sorted = own.sort((a, b) => (a.arn < b.arn ? -1 : 1));
      const { items, next } = page(sorted, ({ arn }) => arn, NextToken);
      return { Subscriptions: items.map(shownSubscription), NextToken: next };
    },
  };
}
