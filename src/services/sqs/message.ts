/** A message as the queue's engine sees it, and how it is kept. */
import type { KeptMessage } from '../../store/sqs/messages.ts';

export interface AttributeValue {
  /** `String`, `Number` or `Binary`, with a label of the sender's own after a dot. */
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array;
}

export type Attributes = Readonly<Record<string, AttributeValue>>;

/** A message to be sent, checked. */
export interface NewMessage {
  readonly body: string;
  readonly attributes?: Attributes;
  readonly traceHeader?: string;
  readonly delayMs?: number;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly senderId: string;
}

export interface SentMessage {
  readonly messageId: string;
  /** Of FIFO queues. */
  readonly sequenceNumber?: string;
}

export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Attributes;
  readonly senderId: string;
  readonly sentAt: number;
  readonly receives: number;
  readonly firstReceivedAt: number;
  readonly sequenceNumber?: string;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly traceHeader?: string;
  readonly deadLetterSourceArn?: string;
}

/** What is kept of a message besides what the store itself looks at. */
export interface Details {
  readonly id: string;
  readonly sender: string;
  readonly attributes?: Readonly<Record<string, KeptValue>>;
  readonly trace?: string;
  readonly deduplication?: string;
  /** The queue that it was moved out of, after too many receives. */
  readonly deadLetterSource?: string;
}

interface KeptValue {
  readonly type: string;
  readonly text?: string;
  readonly base64?: string;
}

export function detailsOf(id: string, message: NewMessage): Details {
  const { attributes, senderId: sender, traceHeader: trace, deduplicationId: deduplication } = message;
  return { id, sender, trace, deduplication, attributes: attributes === undefined ? undefined : kept(attributes) };
}

export function readDetails({ details }: Pick<KeptMessage, 'details'>): Details {
  return JSON.parse(details);
}

export function attributesOf({ attributes = {} }: Details): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { type, text, base64 }]) => [
      name,
      base64 === undefined
        ? { DataType: type, StringValue: text }
        : { DataType: type, BinaryValue: Buffer.from(base64, 'base64') },
    ]),
  );
}

function kept(attributes: Attributes): Record<string, KeptValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType: type, StringValue: text, BinaryValue: bytes }]) => [
      name,
      bytes === undefined ? { type, text } : { type, base64: Buffer.from(bytes).toString('base64') },
    ]),
  );
}
