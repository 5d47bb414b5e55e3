import { type AttributeMap, settableAttributes } from '../attributes.ts';
import type { Queue } from '../engine/queue.ts';
import { unknownAttribute } from '../errors.ts';
import { queueArn } from '../names.ts';
import { queueAt, type SqsParts } from '../parts.ts';
import type { SqsOperation } from './types.ts';

const known = new Set([
  ...['All', 'Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds'],
  ...['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'],
]);

/** What was not set and has no value by itself is left out, also when it is asked for by name. */
export function getQueueAttributes(parts: SqsParts): SqsOperation<'GetQueueAttributes'> {
  return {
    handle({ QueueUrl, AttributeNames = [] }, context) {
      const queue = queueAt(parts, context, QueueUrl);
      const all = attributesOf(queue, parts.clock.now());
      const names: string[] = AttributeNames;
      const unknown = names.find((name) => !known.has(name) && !Object.hasOwn(all, name));
      if (unknown !== undefined) throw unknownAttribute(unknown);
      const asked = Object.entries(all).filter(([name]) => names.includes('All') || names.includes(name));
      return { Attributes: asked.length === 0 ? undefined : Object.fromEntries(asked) };
    },
  };
}

function attributesOf(queue: Queue, now: number): AttributeMap {
  const { record } = queue;
  const { visible, delayed, inFlight } = queue.counts(now);
  return {
    ...settableAttributes(record),
    QueueArn: queueArn(record),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: seconds(record.createdAt),
    LastModifiedTimestamp: seconds(record.modifiedAt),
  };
}

function seconds(ms: number): string {
  return String(Math.floor(ms / 1000));
}
