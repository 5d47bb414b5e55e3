import type { Message, ReceiveMessageRequest } from '@aws-sdk/client-sqs';
import { numberOf } from '../attributes.ts';
import { md5OfAttributes, md5OfBody } from '../digests.ts';
import { invalid } from '../errors.ts';
import type { Attributes, ReceivedMessage } from '../message.ts';
import { queueAt, type SqsParts } from '../parts.ts';
import { systemAttributes } from '../system-attributes.ts';
import type { SqsOperation } from './types.ts';

export function receiveMessage(parts: SqsParts): SqsOperation<'ReceiveMessage'> {
  return {
    async handle(input, context) {
      const queue = queueAt(parts, context, input.QueueUrl);
      const { MaxNumberOfMessages: messagesMax = 1, VisibilityTimeout: visibility, WaitTimeSeconds } = input;
      const wait = WaitTimeSeconds ?? numberOf(queue.record, 'ReceiveMessageWaitTimeSeconds');
      check('MaxNumberOfMessages', messagesMax, 1, 10, 'Must be between 1 and 10, if provided.');
      check('WaitTimeSeconds', wait, 0, 20, 'Must be >= 0 and <= 20, if provided.');
      check('VisibilityTimeout', visibility ?? 0, 0, 43_200, 'Must be between 0 and 43200, if provided.');
      const received = await parts.receiving.receive(queue, {
        messagesMax,
        visibilityMs: visibility === undefined ? undefined : visibility * 1000,
        waitMs: wait * 1000,
        signal: wait > 0 ? context.signal : undefined,
      });
      return { Messages: received.length === 0 ? undefined : received.map((message) => shown(message, input)) };
    },
  };
}

function check(parameter: string, value: number, min: number, max: number, reason: string): void {
  if (value < min || value > max) throw invalid(parameter, value, reason);
}

function shown(message: ReceivedMessage, input: ReceiveMessageRequest): Message {
  const system = askedSystemAttributes(message, [
    ...(input.AttributeNames ?? []),
    ...(input.MessageSystemAttributeNames ?? []),
  ]);
  const attributes = askedFor(message.attributes, input.MessageAttributeNames ?? []);
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: md5OfBody(message.body),
    Body: message.body,
    Attributes: Object.keys(system).length === 0 ? undefined : system,
    MD5OfMessageAttributes: md5OfAttributes(attributes),
    MessageAttributes: Object.keys(attributes).length === 0 ? undefined : attributes,
  };
}

function askedSystemAttributes(message: ReceivedMessage, names: readonly string[]): Record<string, string> {
  const asked = Object.entries(systemAttributes(message)).filter(
    ([name]) => names.includes('All') || names.includes(name),
  );
  return Object.fromEntries(asked);
}

/** By name, by what a name starts with (`foo.*`), or all of them (`All`, `.*`). The MD5 is of these alone. */
function askedFor(attributes: Attributes, names: readonly string[]): Attributes {
  const asked = Object.entries(attributes).filter(([name]) => names.some((pattern) => fits(name, pattern)));
  return Object.fromEntries(asked);
}

function fits(name: string, pattern: string): boolean {
  if (pattern === 'All' || pattern === '.*') return true;
  return pattern.endsWith('.*')
    ? name.startsWith(pattern.slice(0, -1)) || name === pattern.slice(0, -2)
    : name === pattern;
}
