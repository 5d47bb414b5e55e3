/** Every operation of SQS, a row each. */
import type { SqsTypes } from '../../../aws/models/sqs.types.ts';
import type { OperationTable } from '../../../aws/operation.ts';
import type { SqsParts } from '../parts.ts';
import { addPermission } from './add-permission.ts';
import { cancelMessageMoveTask } from './cancel-message-move-task.ts';
import { changeMessageVisibility } from './change-message-visibility.ts';
import { changeMessageVisibilityBatch } from './change-message-visibility-batch.ts';
import { createQueue } from './create-queue.ts';
import { deleteMessage } from './delete-message.ts';
import { deleteMessageBatch } from './delete-message-batch.ts';
import { deleteQueue } from './delete-queue.ts';
import { getQueueAttributes } from './get-queue-attributes.ts';
import { getQueueUrl } from './get-queue-url.ts';
import { listDeadLetterSourceQueues } from './list-dead-letter-source-queues.ts';
import { listMessageMoveTasks } from './list-message-move-tasks.ts';
import { listQueueTags } from './list-queue-tags.ts';
import { listQueues } from './list-queues.ts';
import { purgeQueue } from './purge-queue.ts';
import { receiveMessage } from './receive-message.ts';
import { removePermission } from './remove-permission.ts';
import { sendMessage } from './send-message.ts';
import { sendMessageBatch } from './send-message-batch.ts';
import { setQueueAttributes } from './set-queue-attributes.ts';
import { startMessageMoveTask } from './start-message-move-task.ts';
import { tagQueue } from './tag-queue.ts';
import { untagQueue } from './untag-queue.ts';

export function createSqsTable(parts: SqsParts) {
  return {
    AddPermission: addPermission(parts),
    CancelMessageMoveTask: cancelMessageMoveTask(parts),
    ChangeMessageVisibility: changeMessageVisibility(parts),
    ChangeMessageVisibilityBatch: changeMessageVisibilityBatch(parts),
    CreateQueue: createQueue(parts),
    DeleteMessage: deleteMessage(parts),
    DeleteMessageBatch: deleteMessageBatch(parts),
    DeleteQueue: deleteQueue(parts),
    GetQueueAttributes: getQueueAttributes(parts),
    GetQueueUrl: getQueueUrl(parts),
    ListDeadLetterSourceQueues: listDeadLetterSourceQueues(parts),
    ListMessageMoveTasks: listMessageMoveTasks(parts),
    ListQueueTags: listQueueTags(parts),
    ListQueues: listQueues(parts),
    PurgeQueue: purgeQueue(parts),
    ReceiveMessage: receiveMessage(parts),
    RemovePermission: removePermission(parts),
    SendMessage: sendMessage(parts),
    SendMessageBatch: sendMessageBatch(parts),
    SetQueueAttributes: setQueueAttributes(parts),
    StartMessageMoveTask: startMessageMoveTask(parts),
    TagQueue: tagQueue(parts),
    UntagQueue: untagQueue(parts),
  } satisfies OperationTable<SqsTypes>;
}
