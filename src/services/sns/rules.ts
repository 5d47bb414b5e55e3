/** SNS's operations as IAM actions on topics, whose topic that is, and its policy. */
import type { Asked, ServiceRules } from '../../iam/rules.ts';
import type { TopicStore } from '../../store/sns/topics.ts';
import { topicArn, topicOf } from './names.ts';

export function snsRules(store: Pick<TopicStore, 'topic'>): ServiceRules {
  return {
    needs: (asked) => [{ action: `sns:${actions[asked.operation] ?? asked.operation}`, resource: resourceOf(asked) }],
    owner(asked) {
      // Who subscribed may leave, whoever the topic belongs to.
      if (asked.input.SubscriptionArn !== undefined) return undefined;
      return /^arn:aws[a-z-]*:sns:[a-z0-9-]+:(\d{12}):/.exec(resourceOf(asked))?.[1];
    },
    policies(resource) {
      const policy = store.topic(resource)?.attributes.Policy;
      return policy === undefined ? [] : [policy];
    },
  };
}

/** Leave for one message is leave for ten of them. */
const actions: Readonly<Record<string, string>> = { PublishBatch: 'Publish' };

function resourceOf({ input, region, accountId }: Asked): string {
  const { TopicArn, TargetArn, ResourceArn, SubscriptionArn, Name } = input;
  const arn = TopicArn ?? TargetArn ?? ResourceArn;
  if (typeof arn === 'string') return arn;
  if (typeof SubscriptionArn === 'string') return topicOf(SubscriptionArn);
  return typeof Name === 'string' ? topicArn({ region, accountId }, Name) : '*';
}
