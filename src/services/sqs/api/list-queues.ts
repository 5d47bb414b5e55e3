import { queueUrl } from '../names.ts';
import { page } from '../page.ts';
import type { SqsParts } from '../parts.ts';
import type { SqsOperation } from './types.ts';

/** Without MaxResults a thousand at most, and no token to go on with. */
export function listQueues({ queues }: SqsParts): SqsOperation<'ListQueues'> {
  return {
    handle({ QueueNamePrefix: prefix = '', NextToken, MaxResults }, context) {
      const fitting = queues.in(context).filter(({ record }) => record.name.startsWith(prefix));
      const { items, next } = page(fitting, (queue) => queue.record.name, NextToken, MaxResults);
      const urls = items.map(({ record }) => queueUrl(context.endpoint, record));
      return { QueueUrls: urls.length === 0 ? undefined : urls, NextToken: next };
    },
  };
}
