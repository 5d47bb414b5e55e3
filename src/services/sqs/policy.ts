import { invalid } from './errors.ts';

const permittable = new Set([
  ...['*', 'SendMessage', 'ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility', 'GetQueueAttributes'],
  ...['GetQueueUrl', 'ListDeadLetterSourceQueues', 'PurgeQueue'],
]);

/** What a queue's owner may allow to other accounts by AddPermission. */
export function checkActions(actions: readonly string[]): void {
  const wrong = actions.find((action) => !permittable.has(action));
  if (wrong === undefined) return;
  throw invalid('ActionName', `SQS:${wrong}`, 'Only the queue owner is allowed to invoke this action.');
}
