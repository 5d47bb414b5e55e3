import { invalid, missing } from '../errors.ts';
import type { SqsParts } from '../parts.ts';
import { ownQueue } from './start-message-move-task.ts';
import type { SqsOperation } from './types.ts';

export function listMessageMoveTasks(parts: SqsParts): SqsOperation<'ListMessageMoveTasks'> {
  return {
    handle({ SourceArn, MaxResults = 1 }, context) {
      if (SourceArn === undefined) throw missing('SourceArn');
      if (MaxResults < 1 || MaxResults > 10) throw invalid('MaxResults', MaxResults, 'Must be between 1 and 10.');
      ownQueue(parts, context, SourceArn, 'SourceArn');
      const tasks = parts.moving.of(SourceArn).slice(0, MaxResults);
      return {
        Results: tasks.map((task) => ({
          // Of use only while there is something to cancel.
          TaskHandle: task.status === 'RUNNING' ? task.handle : undefined,
          Status: task.status,
          SourceArn: task.sourceArn,
          DestinationArn: task.destinationArn,
          MaxNumberOfMessagesPerSecond: task.perSecondMax,
          ApproximateNumberOfMessagesMoved: task.moved,
          ApproximateNumberOfMessagesToMove: task.toMove,
          FailureReason: task.failureReason,
          StartedTimestamp: task.startedAt,
        })),
      };
    },
  };
}
