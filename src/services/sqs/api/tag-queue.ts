import { missing } from '../errors.ts';
import { queueAt, type SqsParts } from '../parts.ts';
import { checkTags } from '../tags.ts';
import type { SqsOperation } from './types.ts';

export function tagQueue(parts: SqsParts): SqsOperation<'TagQueue'> {
  return {
    async handle({ QueueUrl, Tags }, context) {
      const queue = queueAt(parts, context, QueueUrl);
      if (Tags === undefined || Object.keys(Tags).length === 0) throw missing('Tags');
      await parts.queues.change(queue, (record) => {
        checkTags(record.tags, Tags);
        return { ...record, tags: { ...record.tags, ...Tags } };
      });
      return {};
    },
  };
}
