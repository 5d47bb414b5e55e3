import { missing } from '../errors.ts';
import { queueAt, type SqsParts } from '../parts.ts';
import { visibilityMs } from '../visibility.ts';
import type { SqsOperation } from './types.ts';

export function changeMessageVisibility(parts: SqsParts): SqsOperation<'ChangeMessageVisibility'> {
  return {
    async handle({ QueueUrl, ReceiptHandle: handle, VisibilityTimeout }, context) {
      const queue = queueAt(parts, context, QueueUrl);
      if (handle === undefined) throw missing('ReceiptHandle');
      const change = { handle, visibilityMs: visibilityMs(VisibilityTimeout) };
      const [wrong] = await parts.settling.changeVisibility(queue, [change]);
      if (wrong !== undefined) throw wrong;
      return {};
    },
  };
}
