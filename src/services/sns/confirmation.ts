/** What asks an endpoint whether it wants what it was subscribed to. */
import type { NewDelivery } from '../../delivery/parcel.ts';
import type { Subscription, Topic } from '../../store/sns/topics.ts';
import { confirmationRequest, signedText } from './notification.ts';
import type { SnsParts } from './parts.ts';
import { retryOf } from './retry.ts';
import { certificateUrl, httpHeaders } from './subscriber.ts';

/** AWS waits three days for an answer. */
export const tokenMsMax = 3 * 24 * 3_600_000;

export async function confirmationOf(
  { signer, clock, random }: Pick<SnsParts, 'signer' | 'clock' | 'random'>,
  topic: Topic,
  subscription: Subscription,
): Promise<NewDelivery> {
  const { token = '', server, protocol, endpoint: target } = subscription;
  const query = new URLSearchParams({
    Action: 'ConfirmSubscription',
    Version: '2010-03-31',
    TopicArn: topic.arn,
    Token: token,
  });
  const request = {
    messageId: random.uuid(),
    topicArn: topic.arn,
    token,
    message:
      `You have chosen to subscribe to the topic ${topic.arn}.\n` +
      'To confirm the subscription, visit the SubscribeURL included in this message.',
    subscribeUrl: `${server}/?${query}`,
    timestamp: new Date(clock.now()).toISOString(),
  };
  const signed = await signer.sign(signedText(request), topic.attributes.SignatureVersion ?? '1');
  return {
    target,
    source: { service: 'sns.amazonaws.com', arn: topic.arn, accountId: topic.accountId },
    retry: retryOf(topic, subscription),
    elsewhere: subscription.inside,
    body: confirmationRequest(request, signed, certificateUrl(server)),
    headers: protocol === 'sqs' ? undefined : httpHeaders('SubscriptionConfirmation', request, subscription),
  };
}
