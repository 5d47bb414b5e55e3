import { isUnderWay } from '../engine/moving.ts';
import { missing, resourceNotFound, unsupportedOperation } from '../errors.ts';
import type { SqsParts } from '../parts.ts';
import { ownQueue } from './start-message-move-task.ts';
import type { SqsOperation } from './types.ts';

/** What was moved stays where it is. */
export function cancelMessageMoveTask(parts: SqsParts): SqsOperation<'CancelMessageMoveTask'> {
  return {
    async handle({ TaskHandle }, context) {
      if (TaskHandle === undefined) throw missing('TaskHandle');
      const task = parts.moving.get(TaskHandle);
      if (task === undefined) throw resourceNotFound('Task does not exist.');
      ownQueue(parts, context, task.sourceArn, 'TaskHandle');
      if (!isUnderWay(task)) throw unsupportedOperation('Only active tasks can be cancelled.');
      return { ApproximateNumberOfMessagesMoved: (await parts.moving.cancel(task)).moved };
    },
  };
}
