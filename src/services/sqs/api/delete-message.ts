import { missing } from '../errors.ts';
import { queueAt, type SqsParts } from '../parts.ts';
import type { SqsOperation } from './types.ts';

export function deleteMessage(parts: SqsParts): SqsOperation<'DeleteMessage'> {
  return {
    async handle({ QueueUrl, ReceiptHandle }, context) {
      const queue = queueAt(parts, context, QueueUrl);
      if (ReceiptHandle === undefined) throw missing('ReceiptHandle');
      const [wrong] = await parts.settling.delete(queue, [ReceiptHandle]);
      if (wrong !== undefined) throw wrong;
      return {};
    },
  };
}
