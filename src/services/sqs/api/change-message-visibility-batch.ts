import { AwsError } from '../../../aws/errors.ts';
import { attempted, batchEntries, batchOutcome } from '../batch.ts';
import { queueAt, type SqsParts } from '../parts.ts';
import { visibilityMs } from '../visibility.ts';
import type { SqsOperation } from './types.ts';

export function changeMessageVisibilityBatch(parts: SqsParts): SqsOperation<'ChangeMessageVisibilityBatch'> {
  return {
    async handle({ QueueUrl, Entries }, context) {
      const queue = queueAt(parts, context, QueueUrl);
      const entries = batchEntries(Entries, 'ChangeMessageVisibilityBatchRequestEntry');
      const read = entries.map((entry) => ({
        handle: entry.ReceiptHandle ?? '',
        visibilityMs: attempted(() => visibilityMs(entry.VisibilityTimeout)),
      }));
      const right = read.flatMap(({ handle, visibilityMs: ms }) =>
        ms instanceof AwsError ? [] : [{ handle, visibilityMs: ms }],
      );
      const outcomes = (await parts.settling.changeVisibility(queue, right)).values();
      return batchOutcome(
        entries,
        read.map(({ visibilityMs: ms }) => (ms instanceof AwsError ? ms : outcomes.next().value)),
      );
    },
  };
}
