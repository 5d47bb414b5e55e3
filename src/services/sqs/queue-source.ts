import { Undeliverable } from '../../delivery/parcel.ts';
import type { QueueMessage, QueueSource } from '../../delivery/queue-source.ts';
import { numberOf } from './attributes.ts';
import { md5OfAttributes, md5OfBody } from './digests.ts';
import type { Queue } from './engine/queue.ts';
import type { ReceivedMessage } from './message.ts';
import type { SqsParts } from './parts.ts';
import { systemAttributes } from './system-attributes.ts';

/** For event sources in this process. */
export function queueSource({ queues, receiving, settling }: SqsParts): QueueSource {
  const existing = (arn: string): Queue => {
    const queue = queues.byArn(arn);
    if (queue !== undefined) return queue;
    throw new Undeliverable('AWS.SimpleQueueService.NonExistentQueue', `The queue ${arn} does not exist`);
  };
  return {
    describe(arn) {
      const queue = queues.byArn(arn);
      return queue && { fifo: queue.fifo, visibilityMs: numberOf(queue.record, 'VisibilityTimeout') * 1000 };
    },
    async receive(arn, options) {
      return (await receiving.receive(existing(arn), options)).map(shown);
    },
    async delete(arn, receiptHandles) {
      await settling.delete(existing(arn), receiptHandles);
    },
    async hide(arn, receiptHandles, visibilityMs) {
      const changes = receiptHandles.map((handle) => ({ handle, visibilityMs }));
      await settling.changeVisibility(existing(arn), changes);
    },
  };
}

function shown(message: ReceivedMessage): QueueMessage {
  const { messageId, receiptHandle, body, attributes } = message;
  return {
    messageId,
    receiptHandle,
    body,
    md5OfBody: md5OfBody(body),
    systemAttributes: systemAttributes(message),
    attributes,
    md5OfAttributes: md5OfAttributes(attributes),
  };
}
