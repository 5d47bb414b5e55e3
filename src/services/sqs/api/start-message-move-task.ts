import type { RequestContext } from '../../../aws/operation.ts';
import { isUnderWay } from '../engine/moving.ts';
import type { Queue } from '../engine/queue.ts';
import { invalid, invalidValue, missing, resourceNotFound, unsupportedOperation } from '../errors.ts';
import { parseQueueArn } from '../names.ts';
import type { SqsParts } from '../parts.ts';
import type { SqsOperation } from './types.ts';

export function startMessageMoveTask(parts: SqsParts): SqsOperation<'StartMessageMoveTask'> {
  return {
    async handle({ SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: perSecondMax }, context) {
      if (SourceArn === undefined) throw missing('SourceArn');
      const source = ownQueue(parts, context, SourceArn, 'SourceArn');
      if (parts.queues.sourcesOf(source).length === 0) {
        throw invalidValue('Source queue must be configured as a Dead Letter Queue.');
      }
      if (DestinationArn !== undefined) {
        const destination = ownQueue(parts, context, DestinationArn, 'DestinationArn');
        if (destination.fifo !== source.fifo)
          throw invalidValue('Source and destination must be queues of the same type.');
      }
      if (perSecondMax !== undefined && (perSecondMax < 1 || perSecondMax > 500)) {
        throw invalid('MaxNumberOfMessagesPerSecond', perSecondMax, 'Must be between 1 and 500, if provided.');
      }
      if (parts.moving.of(SourceArn).some(isUnderWay)) {
        throw unsupportedOperation(
          'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
        );
      }
      const request = { sourceArn: SourceArn, destinationArn: DestinationArn, perSecondMax };
      return { TaskHandle: (await parts.moving.begin(source, request)).handle };
    },
  };
}

/** Of the caller's account and region. */
export function ownQueue({ queues }: SqsParts, context: RequestContext, arn: string, parameter: string): Queue {
  const key = parseQueueArn(arn);
  if (key === undefined) throw invalid(parameter, arn, 'It is not the ARN of a queue.');
  const own = key.accountId === context.accountId && key.region === context.region;
  const queue = own ? queues.find(key) : undefined;
  if (queue === undefined) {
    throw resourceNotFound(`The resource that you specified for the ${parameter} parameter doesn't exist.`);
  }
  return queue;
}
