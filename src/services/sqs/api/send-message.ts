import { passedTrace } from '../../../aws/trace-header.ts';
import { md5OfAttributes, md5OfBody } from '../digests.ts';
import type { Attributes, NewMessage, SentMessage } from '../message.ts';
import { messageOf } from '../message-input.ts';
import { queueAt, type SqsParts } from '../parts.ts';
import type { SqsOperation } from './types.ts';

export function sendMessage(parts: SqsParts): SqsOperation<'SendMessage'> {
  return {
    async handle(input, context) {
      const queue = queueAt(parts, context, input.QueueUrl);
      const message = messageOf(queue, input, context.principal.accountId);
      const [sent] = await parts.sending.send(queue, [traced(message, context.headers)]);
      return sentAnswer(message, sent);
    },
  };
}

/** The trace goes on through the queue, whether it is a message's own or comes as SDKs inside of functions send it. */
export function traced(message: NewMessage, headers: Readonly<Record<string, string | undefined>>): NewMessage {
  const traceHeader = message.traceHeader ?? passedTrace(headers['x-amzn-trace-id']);
  return traceHeader === message.traceHeader ? message : { ...message, traceHeader };
}

export function sentAnswer({ body, attributes, traceHeader }: NewMessage, sent: SentMessage | undefined) {
  const system: Attributes =
    traceHeader === undefined ? {} : { AWSTraceHeader: { DataType: 'String', StringValue: traceHeader } };
  return {
    MessageId: sent?.messageId ?? '',
    MD5OfMessageBody: md5OfBody(body),
    MD5OfMessageAttributes: md5OfAttributes(attributes ?? {}),
    MD5OfMessageSystemAttributes: md5OfAttributes(system),
    SequenceNumber: sent?.sequenceNumber,
  };
}
