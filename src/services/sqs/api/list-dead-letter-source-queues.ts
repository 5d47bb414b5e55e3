import { queueUrl } from '../names.ts';
import { page } from '../page.ts';
import { queueAt, type SqsParts } from '../parts.ts';
import type { SqsOperation } from './types.ts';

export function listDeadLetterSourceQueues(parts: SqsParts): SqsOperation<'ListDeadLetterSourceQueues'> {
  return {
    handle({ QueueUrl, NextToken, MaxResults }, context) {
      const sources = parts.queues.sourcesOf(queueAt(parts, context, QueueUrl));
      const { items, next } = page(sources, (queue) => queue.record.name, NextToken, MaxResults);
      return { queueUrls: items.map(({ record }) => queueUrl(context.endpoint, record)), NextToken: next };
    },
  };
}
