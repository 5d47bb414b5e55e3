import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Scene, scene } from '../testing/scene.ts';

async function send(s: Scene, QueueUrl: string, MessageGroupId: string, MessageBody: string, id = MessageBody) {
  return s.call('SendMessage', { QueueUrl, MessageGroupId, MessageBody, MessageDeduplicationId: id });
}

async function receive(s: Scene, QueueUrl: string, max = 10) {
  const { Messages = [] } = await s.call('ReceiveMessage', {
    QueueUrl,
    MaxNumberOfMessages: max,
    AttributeNames: ['All'],
  });
  return Messages;
}

const bodies = (messages: { Body?: string }[]) => messages.map(({ Body }) => Body);

test('a group is received in order, and not while some of it is in flight', async (t) => {
  const s = await scene(t);
  const url = await s.queue('q.fifo', { FifoQueue: 'true', VisibilityTimeout: '30' });
  for (const [group, body] of [
    ['a', 'a1'],
    ['a', 'a2'],
    ['b', 'b1'],
    ['a', 'a3'],
  ] as const)
    await send(s, url, group, body);
  const first = await receive(s, url, 2);
  assert.deepEqual(bodies(first), ['a1', 'a2']);
  assert.deepEqual(bodies(await receive(s, url)), ['b1']);
  await s.call('DeleteMessage', { QueueUrl: url, ReceiptHandle: first[0]?.ReceiptHandle });
  assert.deepEqual(bodies(await receive(s, url)), []);
  await s.call('ChangeMessageVisibility', {
    QueueUrl: url,
    ReceiptHandle: first[1]?.ReceiptHandle,
    VisibilityTimeout: 0,
  });
  assert.deepEqual(bodies(await receive(s, url)), ['a2', 'a3']);
  await s.clock.advance(30_000);
  await assert.rejects(s.call('DeleteMessage', { QueueUrl: url, ReceiptHandle: first[1]?.ReceiptHandle }), {
    code: 'InvalidParameterValue',
    message: /The receipt handle has expired/,
  });
  assert.deepEqual(bodies(await receive(s, url)).sort(), ['a2', 'a3', 'b1']);
});

test('the same again within five minutes is answered as the first and not kept', async (t) => {
  const s = await scene(t);
  const url = await s.queue('q.fifo', { FifoQueue: 'true' });
  const [first, twin] = await Promise.all([send(s, url, 'g', 'x', 'id'), send(s, url, 'g', 'y', 'id')]);
  assert.deepEqual([twin.MessageId, twin.SequenceNumber], [first.MessageId, first.SequenceNumber]);
  const [message] = await receive(s, url);
  assert.equal(message?.Attributes?.SequenceNumber, first.SequenceNumber);
  await s.call('DeleteMessage', { QueueUrl: url, ReceiptHandle: message?.ReceiptHandle });
  await s.restart();
  await s.clock.advance(299_000);
  assert.equal((await send(s, url, 'g', 'x', 'id')).MessageId, first.MessageId);
  assert.deepEqual(await receive(s, url), []);
  await s.clock.advance(1000);
  const again = await send(s, url, 'g', 'x', 'id');
  assert.notEqual(again.MessageId, first.MessageId);
  assert.ok((again.SequenceNumber ?? '') > (first.SequenceNumber ?? ''));
});

test('identities by content, and for each group alone', async (t) => {
  const s = await scene(t);
  const url = await s.queue('q.fifo', {
    FifoQueue: 'true',
    ContentBasedDeduplication: 'true',
    DeduplicationScope: 'messageGroup',
  });
  const content = (MessageGroupId: string) =>
    s.call('SendMessage', { QueueUrl: url, MessageGroupId, MessageBody: 'same' });
  for (const group of ['a', 'a', 'b']) await content(group);
  assert.equal((await receive(s, url)).length, 2);
});

test('what a FIFO queue does not take', async (t) => {
  const s = await scene(t);
  const url = await s.queue('q.fifo', { FifoQueue: 'true' });
  const standard = await s.queue('q');
  const base = { QueueUrl: url, MessageBody: 'b', MessageGroupId: 'g', MessageDeduplicationId: 'd' };
  await assert.rejects(s.call('SendMessage', { ...base, MessageGroupId: undefined }), { code: 'MissingParameter' });
  await assert.rejects(s.call('SendMessage', { ...base, MessageDeduplicationId: undefined }), {
    code: 'InvalidParameterValue',
  });
  await assert.rejects(s.call('SendMessage', { ...base, DelaySeconds: 1 }), { code: 'InvalidParameterValue' });
  await assert.rejects(s.call('SendMessage', { ...base, MessageGroupId: 'a b' }), { code: 'InvalidParameterValue' });
  await assert.rejects(s.call('SendMessage', { ...base, QueueUrl: standard }), { code: 'InvalidParameterValue' });
  await s.call('SendMessage', { ...base, DelaySeconds: 0 });
  await s.call('SendMessage', { QueueUrl: standard, MessageBody: 'b', MessageGroupId: 'tenant' });
});

test('a delayed group waits as a whole, and dead letters keep their order', async (t) => {
  const s = await scene(t);
  await s.queue('dead.fifo', { FifoQueue: 'true' });
  const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:000000000000:dead.fifo';
  const url = await s.queue('q.fifo', {
    FifoQueue: 'true',
    DelaySeconds: '5',
    VisibilityTimeout: '1',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 }),
  });
  for (const body of ['1', '2', '3']) await send(s, url, 'g', body);
  assert.deepEqual(await receive(s, url), []);
  await s.clock.advance(5000);
  assert.deepEqual(bodies(await receive(s, url)), ['1', '2', '3']);
  await s.clock.advance(1000);
  assert.deepEqual(await receive(s, url), []);
  assert.deepEqual(bodies(await receive(s, 'http://x/000000000000/dead.fifo')), ['1', '2', '3']);
});
