import { queueAt, type SqsParts } from '../parts.ts';
import type { SqsOperation } from './types.ts';

export function listQueueTags(parts: SqsParts): SqsOperation<'ListQueueTags'> {
  return {
    handle({ QueueUrl }, context) {
      const { tags } = queueAt(parts, context, QueueUrl).record;
      return { Tags: Object.keys(tags).length === 0 ? undefined : { ...tags } };
    },
  };
}
