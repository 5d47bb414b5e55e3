import { batchEntries, batchOutcome } from '../batch.ts';
import { queueAt, type SqsParts } from '../parts.ts';
import type { SqsOperation } from './types.ts';

export function deleteMessageBatch(parts: SqsParts): SqsOperation<'DeleteMessageBatch'> {
  return {
    async handle({ QueueUrl, Entries }, context) {
      const queue = queueAt(parts, context, QueueUrl);
      const entries = batchEntries(Entries, 'DeleteMessageBatchRequestEntry');
      const handles = entries.map(({ ReceiptHandle = '' }) => ReceiptHandle);
      return batchOutcome(entries, await parts.settling.delete(queue, handles));
    },
  };
}
