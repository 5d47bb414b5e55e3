import type { Subscription } from '../../store/sns/topics.ts';

/** As lists show it: the ARN of what is not confirmed yet is nobody's business. */
export function shownSubscription({ arn, owner, protocol, endpoint, topicArn, token }: Subscription) {
  return {
    SubscriptionArn: token === undefined ? arn : 'PendingConfirmation',
    Owner: owner,
    Protocol: protocol,
    Endpoint: endpoint,
    TopicArn: topicArn,
  };
}
