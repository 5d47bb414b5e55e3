import { queueAt, type SqsParts } from '../parts.ts';
import type { SqsOperation } from './types.ts';

export function deleteQueue(parts: SqsParts): SqsOperation<'DeleteQueue'> {
  return {
    async handle({ QueueUrl }, context) {
      await parts.queues.delete(queueAt(parts, context, QueueUrl));
      return {};
    },
  };
}
