import type { RequestContext } from '../../../aws/operation.ts';
import { type AttributeMap, settableAttributes, withAttributes } from '../attributes.ts';
import type { Queue } from '../engine/queue.ts';
import { invalidValue, queueNameExists } from '../errors.ts';
import { isQueueName, queueUrl } from '../names.ts';
import type { SqsParts } from '../parts.ts';
import { checkRedrive } from '../redrive.ts';
import { checkTags } from '../tags.ts';
import type { SqsOperation } from './types.ts';

/** Answers with the queue that is there already when what was given is as it has it. */
export function createQueue(parts: SqsParts): SqsOperation<'CreateQueue'> {
  return {
    async handle({ QueueName: name = '', Attributes = {}, tags = {} }, context) {
      const fifo = checkName(name, Attributes.FifoQueue);
      // `FifoQueue: false` is what every standard queue is.
      const { FifoQueue: _, ...others } = Attributes;
      const given: AttributeMap = fifo ? Attributes : others;
      const key = { accountId: context.accountId, region: context.region, name };
      const attributes = withAttributes({}, given, fifo);
      const there = parts.queues.find(key);
      if (there !== undefined) return same(there, given, context);
      checkRedrive(parts.queues, key, attributes);
      checkTags({}, tags);
      const now = parts.clock.now();
      const made = await parts.queues.create({ ...key, createdAt: now, modifiedAt: now, attributes, tags });
      // Somebody else was quicker.
      const other = made ?? parts.queues.find(key);
      return other === undefined ? { QueueUrl: queueUrl(context.endpoint, key) } : same(other, given, context);
    },
  };
}

/** Whether it is to be a FIFO queue. */
function checkName(name: string, fifoQueue: string | undefined): boolean {
  const fifo = fifoQueue === 'true';
  if (isQueueName(name) && name.endsWith('.fifo') === fifo) return fifo;
  const characters = 'nly include alphanumeric characters, hyphens, or underscores';
  throw invalidValue(
    fifo
      ? `The name of a FIFO queue can o${characters}, must end with .fifo suffix and be 1 to 80 in length.`
      : `Can o${characters}. 1 to 80 in length`,
  );
}

function same(queue: Queue, given: AttributeMap, { endpoint }: RequestContext) {
  const has = settableAttributes(queue.record);
  const other = Object.keys(given).find((name) => given[name] !== has[name]);
  if (other !== undefined) throw queueNameExists(other);
  return { QueueUrl: queueUrl(endpoint, queue.record) };
}
