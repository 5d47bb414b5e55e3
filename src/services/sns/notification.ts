/** What was published, and how each kind of subscriber gets it. */
import type { ParcelAttribute } from '../../delivery/parcel.ts';

export interface Notification {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject?: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, ParcelAttribute>>;
  readonly timestamp: string;
  /** Of FIFO topics. */
  readonly sequenceNumber?: string;
}

/** What is the same for all subscribers. */
export interface Signed {
  readonly SignatureVersion: string;
  readonly Signature: string;
}

/** What a subscriber is given to check it and to leave. */
export interface Links {
  readonly certificate: string;
  readonly unsubscribe: string;
}

/** The JSON of queues and HTTP endpoints. */
export function envelope(notification: Notification, signed: Signed, links: Links): string {
  const { messageId, topicArn, subject, message, timestamp, sequenceNumber, attributes } = notification;
  return printed({
    Type: 'Notification',
    MessageId: messageId,
    SequenceNumber: sequenceNumber,
    TopicArn: topicArn,
    Subject: subject,
    Message: message,
    Timestamp: timestamp,
    ...(sequenceNumber === undefined ? signed : {}),
    SigningCertURL: sequenceNumber === undefined ? links.certificate : undefined,
    UnsubscribeURL: links.unsubscribe,
    MessageAttributes: Object.keys(attributes).length === 0 ? undefined : shownAttributes(attributes),
  });
}

/** The event of functions (reference: lambda-semantics 6.2); URLs are spelt in another way than elsewhere. */
export function functionEvent(
  notification: Notification,
  subscriptionArn: string,
  signed: Signed,
  links: Links,
): string {
  const { messageId, topicArn, subject = null, message, timestamp, attributes } = notification;
  const Sns = {
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: topicArn,
    Subject: subject,
    Message: message,
    Timestamp: timestamp,
    ...signed,
    SigningCertUrl: links.certificate,
    UnsubscribeUrl: links.unsubscribe,
    MessageAttributes: shownAttributes(attributes),
  };
  const record = { EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: subscriptionArn, Sns };
  return JSON.stringify({ Records: [record] });
}

export interface ConfirmationRequest {
  readonly messageId: string;
  readonly topicArn: string;
  readonly token: string;
  readonly message: string;
  readonly subscribeUrl: string;
  readonly timestamp: string;
}

export function confirmationRequest(request: ConfirmationRequest, signed: Signed, certificate: string): string {
  return printed({
    Type: 'SubscriptionConfirmation',
    MessageId: request.messageId,
    Token: request.token,
    TopicArn: request.topicArn,
    Message: request.message,
    SubscribeURL: request.subscribeUrl,
    Timestamp: request.timestamp,
    ...signed,
    SigningCertURL: certificate,
  });
}

/** What AWS signs of a message: names and values in this order, a line each. */
export function signedText(message: Notification | ConfirmationRequest): string {
  const { messageId, topicArn, timestamp } = message;
  const pairs: [string, string | undefined][] =
    'token' in message
      ? [
          ['Message', message.message],
          ['MessageId', messageId],
          ['SubscribeURL', message.subscribeUrl],
          ['Timestamp', timestamp],
          ['Token', message.token],
          ['TopicArn', topicArn],
          ['Type', 'SubscriptionConfirmation'],
        ]
      : [
          ['Message', message.message],
          ['MessageId', messageId],
          ['Subject', message.subject],
          ['Timestamp', timestamp],
          ['TopicArn', topicArn],
          ['Type', 'Notification'],
        ];
  return pairs.map(([name, value]) => (value === undefined ? '' : `${name}\n${value}\n`)).join('');
}

function shownAttributes(attributes: Notification['attributes']) {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { type, text, base64 }]) => [name, { Type: type, Value: text ?? base64 }]),
  );
}

/** With line breaks, as AWS prints it. */
function printed(members: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(members, null, 2);
}
