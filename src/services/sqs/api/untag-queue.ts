import { missing } from '../errors.ts';
import { queueAt, type SqsParts } from '../parts.ts';
import type { SqsOperation } from './types.ts';

export function untagQueue(parts: SqsParts): SqsOperation<'UntagQueue'> {
  return {
    async handle({ QueueUrl, TagKeys }, context) {
      const queue = queueAt(parts, context, QueueUrl);
      if (TagKeys === undefined || TagKeys.length === 0) throw missing('TagKeys');
      await parts.queues.change(queue, (record) => {
        const kept = Object.entries(record.tags).filter(([key]) => !TagKeys.includes(key));
        return { ...record, tags: Object.fromEntries(kept) };
      });
      return {};
    },
  };
}
