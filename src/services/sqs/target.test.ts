import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Undeliverable } from '../../delivery/parcel.ts';
import { QueueTarget } from './target.ts';
import { scene } from './testing/scene.ts';

const target = 'arn:aws:sqs:us-east-1:000000000000:q';
const topic = { service: 'sns.amazonaws.com', arn: 'arn:aws:sns:us-east-1:000000000000:t', accountId: '000000000000' };

const policy = JSON.stringify({
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: target,
      Condition: { ArnEquals: { 'aws:SourceArn': topic.arn } },
    },
  ],
});

test('a service needs leave of the queue for its source, and a function none', async (t) => {
  const s = await scene(t);
  const queues = new QueueTarget(s.sqs);
  assert.equal(queues.refusal({ target, source: topic })?.code, 'AWS.SimpleQueueService.NonExistentQueue');
  const QueueUrl = await s.queue('q');
  assert.equal(queues.refusal({ target, source: topic })?.code, 'AccessDenied');
  await s.call('SetQueueAttributes', { QueueUrl, Attributes: { Policy: policy } });
  assert.equal(queues.refusal({ target, source: topic }), undefined);
  const other = { ...topic, arn: `${topic.arn}2` };
  await assert.rejects(queues.accept({ target, source: other, body: 'b' }), { code: 'AccessDenied' });
  const bucket = { ...topic, service: 's3.amazonaws.com' };
  assert.equal(queues.refusal({ target, source: bucket })?.code, 'AccessDenied');
  assert.equal(queues.refusal({ target, source: { ...topic, service: 'lambda.amazonaws.com' } }), undefined);
});

test('a parcel is a message with its attributes and trace; what no queue takes is given up', async (t) => {
  const s = await scene(t);
  const queues = new QueueTarget(s.sqs);
  const QueueUrl = await s.queue('q', { Policy: policy });
  const attributes = { n: { type: 'Number', text: '1' }, b: { type: 'Binary', base64: 'AP8=' } };
  const traceHeader = 'Root=1-67891233-abcdef012345678912345678';
  await queues.accept({ target, source: topic, body: 'b', attributes, traceHeader });
  await queues.accept({ target, source: topic, body: 'odd trace', traceHeader: 'é' });
  const receive = {
    QueueUrl,
    MessageAttributeNames: ['All'],
    AttributeNames: ['All' as const],
    MaxNumberOfMessages: 10,
  };
  const { Messages = [] } = await s.call('ReceiveMessage', receive);
  assert.deepEqual(
    Messages.map(({ Body, Attributes }) => [Body, Attributes?.AWSTraceHeader]),
    [
      ['b', traceHeader],
      ['odd trace', undefined],
    ],
  );
  assert.deepEqual(Messages[0]?.MessageAttributes?.n, { DataType: 'Number', StringValue: '1' });
  assert.deepEqual(Buffer.from(Messages[0]?.MessageAttributes?.b?.BinaryValue ?? []), Buffer.from([0, 255]));
  const parcel = { target, source: topic, body: '\u0000' };
  await assert.rejects(
    queues.accept(parcel),
    (error) => error instanceof Undeliverable && error.code === 'InvalidMessageContents',
  );
});
