import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Queue } from './engine/queue.ts';
import { sqsRules } from './rules.ts';

const policy = '{"Statement":[]}';
const rules = sqsRules({
  byArn: (arn) =>
    arn.endsWith(':q') ? ({ record: { attributes: { Policy: policy } } } as unknown as Queue) : undefined,
});

test('a queue belongs to the account in its URL, and its policy speaks of it', () => {
  const of = (input: object) =>
    rules.owner?.({ operation: 'SendMessage', input: { ...input }, region: 'r', accountId: '1' });
  assert.equal(of({ QueueUrl: 'http://h/999999999999/q' }), '999999999999');
  assert.equal(of({ QueueNamePrefix: 'q' }), undefined);
  assert.deepEqual(rules.policies?.('arn:aws:sqs:us-east-1:999999999999:q'), [policy]);
  assert.deepEqual(rules.policies?.('arn:aws:sqs:us-east-1:999999999999:r'), []);
});

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
    const found = rules.needs(asked).map(({ action, resource }) => `${action} ${resource}`);
    assert.deepEqual(found, [expected]);
  }
});
