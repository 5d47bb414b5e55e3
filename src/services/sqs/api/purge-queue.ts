import { purgeInProgress } from '../errors.ts';
import { queueAt, type SqsParts } from '../parts.ts';
import type { SqsOperation } from './types.ts';

/** AWS also refuses a second purge within 60 seconds of the first; here it may follow once the first is done. */
export function purgeQueue(parts: SqsParts): SqsOperation<'PurgeQueue'> {
  return {
    async handle({ QueueUrl }, context) {
      const queue = queueAt(parts, context, QueueUrl);
      if (queue.purging) throw purgeInProgress(queue.record.name);
      await parts.queues.purge(queue);
      return {};
    },
  };
}
