/** A notification as one subscription gets it: a delivery for the outbox. */
import type { NewDelivery } from '../../delivery/parcel.ts';
import type { Subscription, Topic } from '../../store/sns/topics.ts';
import { envelope, functionEvent, type Links, type Notification, type Signed } from './notification.ts';
import { retryOf } from './retry.ts';
import { deadLetterTargetOf, isRaw } from './subscription-attributes.ts';

export interface ToDeliver {
  readonly topic: Topic;
  readonly subscription: Subscription;
  /** With the message for this protocol, where the publisher gave more than one. */
  readonly notification: Notification;
  readonly signed: Signed;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly traceHeader?: string;
}

export function deliveryOf(all: ToDeliver): NewDelivery {
  const { topic, subscription, groupId, deduplicationId, traceHeader } = all;
  const base = {
    target: subscription.endpoint,
    source: { service: 'sns.amazonaws.com', arn: topic.arn, accountId: topic.accountId },
    retry: retryOf(topic, subscription),
    elsewhere: subscription.inside,
    deadLetterTarget: deadLetterTargetOf(subscription),
    groupId,
    deduplicationId,
    traceHeader,
  };
  return { ...base, ...contentOf(all) };
}

function contentOf({ subscription, notification, signed }: ToDeliver) {
  const { message } = notification;
  const links = linksOf(subscription);
  switch (subscription.protocol) {
    case 'lambda':
      return {
        body: functionEvent(notification, subscription.arn, signed, links),
        deadLetterBody: envelope(notification, signed, links),
      };
    case 'sqs':
      return isRaw(subscription)
        ? { body: message, attributes: notification.attributes }
        : { body: envelope(notification, signed, links) };
    default:
      return {
        body: isRaw(subscription) ? message : envelope(notification, signed, links),
        headers: httpHeaders('Notification', notification, subscription),
      };
  }
}

export function linksOf({ arn, server }: Subscription): Links {
  return {
    certificate: certificateUrl(server),
    unsubscribe: `${server}/?Action=Unsubscribe&Version=2010-03-31&SubscriptionArn=${encodeURIComponent(arn)}`,
  };
}

export const certificatePath = '/_lambent/sns/certificate.pem';

export function certificateUrl(server: string): string {
  return `${server}${certificatePath}`;
}

export function httpHeaders(
  type: 'Notification' | 'SubscriptionConfirmation',
  { messageId, topicArn }: Pick<Notification, 'messageId' | 'topicArn'>,
  subscription: Subscription,
): Record<string, string> {
  return {
    'content-type': 'text/plain; charset=UTF-8',
    'user-agent': 'Amazon Simple Notification Service Agent',
    'x-amz-sns-message-type': type,
    'x-amz-sns-message-id': messageId,
    'x-amz-sns-topic-arn': topicArn,
    ...(type === 'Notification' ? { 'x-amz-sns-subscription-arn': subscription.arn } : {}),
    ...(isRaw(subscription) ? { 'x-amz-sns-rawdelivery': 'true' } : {}),
  };
}
