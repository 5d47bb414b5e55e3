// Made by `npm run generate`; do not edit.
import type * as sdk from '@aws-sdk/client-sqs';

export interface SqsTypes {
  AddPermission: { input: sdk.AddPermissionRequest; output: Record<string, never> };
  CancelMessageMoveTask: { input: sdk.CancelMessageMoveTaskRequest; output: sdk.CancelMessageMoveTaskResult };
  ChangeMessageVisibility: { input: sdk.ChangeMessageVisibilityRequest; output: Record<string, never> };
  ChangeMessageVisibilityBatch: { input: sdk.ChangeMessageVisibilityBatchRequest; output: sdk.ChangeMessageVisibilityBatchResult };
  CreateQueue: { input: sdk.CreateQueueRequest; output: sdk.CreateQueueResult };
  DeleteMessage: { input: sdk.DeleteMessageRequest; output: Record<string, never> };
  DeleteMessageBatch: { input: sdk.DeleteMessageBatchRequest; output: sdk.DeleteMessageBatchResult };
  DeleteQueue: { input: sdk.DeleteQueueRequest; output: Record<string, never> };
  GetQueueAttributes: { input: sdk.GetQueueAttributesRequest; output: sdk.GetQueueAttributesResult };
  GetQueueUrl: { input: sdk.GetQueueUrlRequest; output: sdk.GetQueueUrlResult };
  ListDeadLetterSourceQueues: { input: sdk.ListDeadLetterSourceQueuesRequest; output: sdk.ListDeadLetterSourceQueuesResult };
  ListMessageMoveTasks: { input: sdk.ListMessageMoveTasksRequest; output: sdk.ListMessageMoveTasksResult };
  ListQueueTags: { input: sdk.ListQueueTagsRequest; output: sdk.ListQueueTagsResult };
  ListQueues: { input: sdk.ListQueuesRequest; output: sdk.ListQueuesResult };
  PurgeQueue: { input: sdk.PurgeQueueRequest; output: Record<string, never> };
  ReceiveMessage: { input: sdk.ReceiveMessageRequest; output: sdk.ReceiveMessageResult };
  RemovePermission: { input: sdk.RemovePermissionRequest; output: Record<string, never> };
  SendMessage: { input: sdk.SendMessageRequest; output: sdk.SendMessageResult };
  SendMessageBatch: { input: sdk.SendMessageBatchRequest; output: sdk.SendMessageBatchResult };
  SetQueueAttributes: { input: sdk.SetQueueAttributesRequest; output: Record<string, never> };
  StartMessageMoveTask: { input: sdk.StartMessageMoveTaskRequest; output: sdk.StartMessageMoveTaskResult };
  TagQueue: { input: sdk.TagQueueRequest; output: Record<string, never> };
  UntagQueue: { input: sdk.UntagQueueRequest; output: Record<string, never> };
}
