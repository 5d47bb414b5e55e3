import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sqsRules } from './rules.ts';

test('operations of SQS need actions on their queue', () => {
  const cases: [string, object, string][] = [
    ['CreateQueue', { QueueName: 'q' }, 'sqs:CreateQueue arn:aws:sqs:us-east-1:111122223333:q'],
    [
      'SendMessage',
      { QueueUrl: 'http://h:1/999999999999/q.fifo' },
      'sqs:SendMessage arn:aws:sqs:us-east-1:999999999999:q.fifo',
    ],
    [
      'SendMessageBatch',
      { QueueUrl: 'http://h/111122223333/q' },
      'sqs:SendMessage arn:aws:sqs:us-east-1:111122223333:q',
    ],
    [
      'GetQueueUrl',
      { QueueName: 'q', QueueOwnerAWSAccountId: '999999999999' },
      'sqs:GetQueueUrl arn:aws:sqs:us-east-1:999999999999:q',
    ],
    [
      'StartMessageMoveTask',
      { SourceArn: 'arn:aws:sqs:us-east-1:1:d' },
      'sqs:StartMessageMoveTask arn:aws:sqs:us-east-1:1:d',
    ],
    ['SendMessage', { QueueUrl: 'http://h/111122223333/q/' }, 'sqs:SendMessage arn:aws:sqs:us-east-1:111122223333:q'],
    ['ListQueues', {}, 'sqs:ListQueues *'],
  ];
  for (const [operation, input, expected] of cases) {
    const asked = { operation, input: { ...input }, region: 'us-east-1', accountId: '111122223333' };
    const found = sqsRules.needs(asked).map(({ action, resource }) => `${action} ${resource}`);
    assert.deepEqual(found, [expected]);
  }
});
