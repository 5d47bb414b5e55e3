import { AwsError } from '../../../aws/errors.ts';
import { messageBytesMax } from '../attributes.ts';
import { attempted, batchEntries, failedEntry } from '../batch.ts';
import { batchTooLong } from '../errors.ts';
import { messageBytes, messageOf } from '../message-input.ts';
import { queueAt, type SqsParts } from '../parts.ts';
import { sentAnswer, traced } from './send-message.ts';
import type { SqsOperation } from './types.ts';

/** What is right of a batch is sent, in one write; what is wrong is told for each entry. */
export function sendMessageBatch(parts: SqsParts): SqsOperation<'SendMessageBatch'> {
  return {
    async handle({ QueueUrl, Entries }, context) {
      const queue = queueAt(parts, context, QueueUrl);
      const entries = batchEntries(Entries, 'SendMessageBatchRequestEntry');
      const read = entries.map((entry) => ({
        id: entry.Id,
        message: attempted(() => messageOf(queue, entry, context.principal.accountId)),
      }));
      const right = read.flatMap(({ id, message }) => (message instanceof AwsError ? [] : [{ id, message }]));
      const bytes = right.reduce((sum, { message }) => sum + messageBytes(message), 0);
      if (bytes > messageBytesMax) throw batchTooLong(messageBytesMax, bytes);
      const sent = await parts.sending.send(
        queue,
        right.map(({ message }) => traced(message, context.headers)),
      );
      return {
        Successful: right.map(({ id, message }, place) => ({ Id: id, ...sentAnswer(message, sent[place]) })),
        Failed: read.flatMap(({ id, message }) => (message instanceof AwsError ? [failedEntry(id, message)] : [])),
      };
    },
  };
}
