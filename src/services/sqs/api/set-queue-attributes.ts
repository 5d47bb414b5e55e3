import { withAttributes } from '../attributes.ts';
import { missing } from '../errors.ts';
import { queueAt, type SqsParts } from '../parts.ts';
import { checkRedrive } from '../redrive.ts';
import type { SqsOperation } from './types.ts';

export function setQueueAttributes(parts: SqsParts): SqsOperation<'SetQueueAttributes'> {
  return {
    async handle({ QueueUrl, Attributes }, context) {
      const queue = queueAt(parts, context, QueueUrl);
      if (Attributes === undefined) throw missing('Attribute.Name');
      await parts.queues.change(queue, (record) => {
        const attributes = withAttributes(record.attributes, Attributes, queue.fifo);
        // The queue that one was set to before may be gone by now.
        if (Attributes.RedrivePolicy) checkRedrive(parts.queues, record, attributes);
        return { ...record, attributes, modifiedAt: parts.clock.now() };
      });
      return {};
    },
  };
}
