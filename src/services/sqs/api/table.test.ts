import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Scene, scene } from '../testing/scene.ts';

async function bodies(s: Scene, QueueUrl: string, more: object = {}): Promise<(string | undefined)[]> {
  const { Messages = [] } = await s.call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10, ...more });
  return Messages.map(({ Body }) => Body);
}

async function counts(s: Scene, QueueUrl: string): Promise<number[]> {
  const { Attributes = {} } = await s.call('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
  const of = (what: string) => Number(Attributes[`ApproximateNumberOfMessages${what}` as 'QueueArn']);
  return [of(''), of('NotVisible'), of('Delayed')];
}

test('a queue is made once, and again only as it is', async (t) => {
  const s = await scene(t);
  const url = await s.queue('q', { VisibilityTimeout: '10' });
  assert.equal(url, 'http://127.0.0.1:4566/000000000000/q');
  assert.equal(await s.queue('q', { VisibilityTimeout: '10' }), url);
  assert.equal(await s.queue('q'), url);
  await assert.rejects(s.queue('q', { VisibilityTimeout: '11' }), { code: 'QueueNameExists' });
  await assert.rejects(s.queue('q.fifo'), { code: 'InvalidParameterValue' });
  await assert.rejects(s.queue('q', { FifoQueue: 'true' }), { code: 'InvalidParameterValue' });
  assert.equal(await s.queue('r.fifo', { FifoQueue: 'true' }), 'http://127.0.0.1:4566/000000000000/r.fifo');
});

test('regions and accounts are apart, and URLs are taken in any form', async (t) => {
  const s = await scene(t);
  const url = await s.queue('q');
  const other = s.call('GetQueueUrl', { QueueName: 'q' }, { region: 'eu-west-1' });
  await assert.rejects(other, { code: 'QueueDoesNotExist' });
  await assert.rejects(s.call('PurgeQueue', { QueueUrl: url }, { accountId: '111111111111' }), {
    code: 'AccessDenied',
  });
  for (const form of [
    'http://sqs.us-east-1.localhost:4566/000000000000/q',
    '/000000000000/q',
    'https://x/queue/000000000000/q',
  ]) {
    assert.ok((await s.call('SendMessage', { QueueUrl: form, MessageBody: 'b' })).MessageId, form);
  }
  await assert.rejects(s.call('SendMessage', { QueueUrl: 'q', MessageBody: 'b' }), { code: 'InvalidAddress' });
});

test('a message is hidden while it is in flight, comes back, and goes for good when it is deleted', async (t) => {
  const s = await scene(t);
  const QueueUrl = await s.queue('q', { VisibilityTimeout: '30' });
  await s.call('SendMessage', { QueueUrl, MessageBody: 'a' });
  assert.deepEqual(await counts(s, QueueUrl), [1, 0, 0]);
  const first = await s.call('ReceiveMessage', { QueueUrl });
  assert.deepEqual([await bodies(s, QueueUrl), await counts(s, QueueUrl)], [[], [0, 1, 0]]);
  await s.clock.advance(30_000);
  assert.deepEqual(await counts(s, QueueUrl), [1, 0, 0]);
  const names = { MessageSystemAttributeNames: ['All' as const] };
  const second = await s.call('ReceiveMessage', { QueueUrl, ...names });
  assert.equal(second.Messages?.[0]?.Attributes?.ApproximateReceiveCount, '2');
  // The handle of the first receive no longer holds the message.
  await s.call('DeleteMessage', { QueueUrl, ReceiptHandle: first.Messages?.[0]?.ReceiptHandle });
  assert.deepEqual(await counts(s, QueueUrl), [0, 1, 0]);
  await s.call('DeleteMessage', { QueueUrl, ReceiptHandle: second.Messages?.[0]?.ReceiptHandle });
  await s.call('DeleteMessage', { QueueUrl, ReceiptHandle: second.Messages?.[0]?.ReceiptHandle });
  await s.clock.advance(60_000);
  assert.deepEqual([await bodies(s, QueueUrl), await counts(s, QueueUrl)], [[], [0, 0, 0]]);
  await assert.rejects(s.call('DeleteMessage', { QueueUrl, ReceiptHandle: 'x' }), { code: 'ReceiptHandleIsInvalid' });
});

test('a handle whose time is over still deletes what nobody else has received', async (t) => {
  const s = await scene(t);
  const QueueUrl = await s.queue('q');
  await s.call('SendMessage', { QueueUrl, MessageBody: 'a' });
  const { Messages } = await s.call('ReceiveMessage', { QueueUrl, VisibilityTimeout: 1 });
  await s.clock.advance(2000);
  await s.call('DeleteMessage', { QueueUrl, ReceiptHandle: Messages?.[0]?.ReceiptHandle });
  assert.deepEqual([await counts(s, QueueUrl), await bodies(s, QueueUrl)], [[0, 0, 0], []]);
});

test('visibility is extended, ended, and limited to twelve hours', async (t) => {
  const s = await scene(t);
  const QueueUrl = await s.queue('q');
  await s.call('SendMessage', { QueueUrl, MessageBody: 'a' });
  const { Messages } = await s.call('ReceiveMessage', { QueueUrl });
  const ReceiptHandle = Messages?.[0]?.ReceiptHandle;
  const change = (seconds: number) =>
    s.call('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: seconds });
  await change(100);
  await s.clock.advance(99_000);
  assert.deepEqual(await bodies(s, QueueUrl), []);
  await assert.rejects(change(43_200), { code: 'InvalidParameterValue' });
  await change(0);
  assert.deepEqual(await bodies(s, QueueUrl), ['a']);
  await assert.rejects(change(10), { code: 'InvalidParameterValue' });
});

test('delays of the queue and of a message', async (t) => {
  const s = await scene(t);
  const QueueUrl = await s.queue('q', { DelaySeconds: '5' });
  await s.call('SendMessage', { QueueUrl, MessageBody: 'queue' });
  await s.call('SendMessage', { QueueUrl, MessageBody: 'own', DelaySeconds: 9 });
  await s.call('SendMessage', { QueueUrl, MessageBody: 'none', DelaySeconds: 0 });
  assert.deepEqual([await bodies(s, QueueUrl), await counts(s, QueueUrl)], [['none'], [0, 1, 2]]);
  await s.clock.advance(5000);
  assert.deepEqual(await bodies(s, QueueUrl), ['queue']);
  await s.clock.advance(4000);
  assert.deepEqual(await bodies(s, QueueUrl), ['own']);
});

test('a long poll wakes at a send, at the end of a delay and of a visibility, and ends with its caller', async (t) => {
  const s = await scene(t);
  const QueueUrl = await s.queue('q', { VisibilityTimeout: '3' });
  const poll = () => bodies(s, QueueUrl, { WaitTimeSeconds: 20 });
  const waiting = poll();
  await s.clock.advance(1000);
  await s.call('SendMessage', { QueueUrl, MessageBody: 'a' });
  assert.deepEqual(await waiting, ['a']);
  const again = poll();
  await s.clock.advance(3000);
  assert.deepEqual(await again, ['a']);
  await s.call('SendMessage', { QueueUrl, MessageBody: 'b', DelaySeconds: 2 });
  const delayed = poll();
  await s.clock.advance(2000);
  assert.deepEqual(await delayed, ['b']);
  const url = await s.queue('e');
  const empty = bodies(s, url, { WaitTimeSeconds: 2 });
  await s.clock.advance(2000);
  assert.deepEqual(await empty, []);
  const gone = new AbortController();
  const left = s.call('ReceiveMessage', { QueueUrl: url, WaitTimeSeconds: 20 }, { signal: gone.signal });
  gone.abort();
  assert.deepEqual(await left, { Messages: undefined });
  await s.call('SendMessage', { QueueUrl: url, MessageBody: 'kept' });
  assert.deepEqual(await bodies(s, url), ['kept']);
});

test('long polls get messages in the order in which they came', async (t) => {
  const s = await scene(t);
  const QueueUrl = await s.queue('q');
  const polls = Array.from({ length: 8 }, () => bodies(s, QueueUrl, { WaitTimeSeconds: 20 }));
  // Each looks once before it waits.
  await s.clock.advance(0);
  const sent = Array.from({ length: 8 }, (_, n) => [String(n)]);
  for (const [MessageBody] of sent) await s.call('SendMessage', { QueueUrl, MessageBody });
  assert.deepEqual(await Promise.all(polls), sent);
});

test('messages that were received too often go to the dead-letter queue, and from there back', async (t) => {
  const s = await scene(t);
  const dead = await s.queue('dead');
  const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:000000000000:dead';
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 });
  const QueueUrl = await s.queue('q', { RedrivePolicy, VisibilityTimeout: '1' });
  await s.call('SendMessage', { QueueUrl, MessageBody: 'poison' });
  for (let receive = 0; receive < 2; receive += 1) {
    assert.deepEqual(await bodies(s, QueueUrl), ['poison']);
    await s.clock.advance(1000);
  }
  assert.deepEqual(await bodies(s, QueueUrl), []);
  const { Messages = [] } = await s.call('ReceiveMessage', {
    QueueUrl: dead,
    MessageSystemAttributeNames: ['All'],
    VisibilityTimeout: 0,
  });
  assert.equal(Messages[0]?.Attributes?.DeadLetterQueueSourceArn, 'arn:aws:sqs:us-east-1:000000000000:q');
  assert.equal(Messages[0]?.Attributes?.ApproximateReceiveCount, '3');
  assert.deepEqual((await s.call('ListDeadLetterSourceQueues', { QueueUrl: dead })).queueUrls, [QueueUrl]);
  await s.call('StartMessageMoveTask', { SourceArn: deadLetterTargetArn });
  while ((await counts(s, QueueUrl))[0] !== 1) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(await bodies(s, QueueUrl), ['poison']);
  const task = async () => (await s.call('ListMessageMoveTasks', { SourceArn: deadLetterTargetArn })).Results?.[0];
  while ((await task())?.Status !== 'COMPLETED') await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await task())?.ApproximateNumberOfMessagesMoved, 1);
});

test('a redrive policy must name a queue that is there and takes it', async (t) => {
  const s = await scene(t);
  const to = (name: string) => ({
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: `arn:aws:sqs:us-east-1:000000000000:${name}`,
      maxReceiveCount: 1,
    }),
  });
  await s.queue('shut', { RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' });
  await s.queue('f.fifo', { FifoQueue: 'true' });
  for (const name of ['absent', 'shut', 'f.fifo', 'q']) {
    await assert.rejects(s.queue('q', to(name)), { code: 'InvalidParameterValue' }, name);
  }
});

test('expired messages are not received, and the sweep takes them away', async (t) => {
  const s = await scene(t);
  const QueueUrl = await s.queue('q', { MessageRetentionPeriod: '60' });
  await s.call('SendMessage', { QueueUrl, MessageBody: 'old' });
  await s.clock.advance(59_999);
  assert.deepEqual(await bodies(s, QueueUrl, { VisibilityTimeout: 0 }), ['old']);
  await s.clock.advance(1);
  assert.deepEqual(await bodies(s, QueueUrl), []);
  await s.call('SendMessage', { QueueUrl, MessageBody: 'swept' });
  await s.clock.advance(60_000);
  s.sqs.start();
  while ((await counts(s, QueueUrl))[0] !== 0) await new Promise((resolve) => setImmediate(resolve));
});

test('batches: what is wrong as a whole, and what is wrong in an entry', async (t) => {
  const s = await scene(t);
  const QueueUrl = await s.queue('q', { MaximumMessageSize: '1024' });
  const send = (Entries: { Id: string; MessageBody: string }[]) => s.call('SendMessageBatch', { QueueUrl, Entries });
  const entry = (Id: string, MessageBody = 'b') => ({ Id, MessageBody });
  await assert.rejects(send([]), { code: 'EmptyBatchRequest' });
  await assert.rejects(send(Array.from({ length: 11 }, (_, n) => entry(`${n}`))), {
    code: 'TooManyEntriesInBatchRequest',
  });
  await assert.rejects(send([entry('a'), entry('a')]), { code: 'BatchEntryIdsNotDistinct' });
  await assert.rejects(send([entry('a b')]), { code: 'InvalidBatchEntryId' });
  const sent = await send([entry('good'), entry('long', 'x'.repeat(1025)), entry('odd', '\u0000')]);
  assert.deepEqual(
    [sent.Successful?.map(({ Id }) => Id), sent.Failed?.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault])],
    [
      ['good'],
      [
        ['long', 'InvalidParameterValue', true],
        ['odd', 'InvalidMessageContents', true],
      ],
    ],
  );
  const large = await s.queue('large');
  const half = 'x'.repeat(600_000);
  const both = s.call('SendMessageBatch', { QueueUrl: large, Entries: [entry('a', half), entry('b', half)] });
  await assert.rejects(both, { code: 'BatchRequestTooLong' });
  const { Messages = [] } = await s.call('ReceiveMessage', { QueueUrl });
  const deleted = await s.call('DeleteMessageBatch', {
    QueueUrl,
    Entries: [
      { Id: 'one', ReceiptHandle: Messages[0]?.ReceiptHandle },
      { Id: 'two', ReceiptHandle: 'x' },
    ],
  });
  assert.deepEqual(
    [deleted.Successful, deleted.Failed?.map(({ Id, Code }) => [Id, Code])],
    [[{ Id: 'one' }], [['two', 'ReceiptHandleIsInvalid']]],
  );
});

test('attributes of messages come back as they were, with the MD5 of those that were asked for', async (t) => {
  const s = await scene(t);
  const QueueUrl = await s.queue('q');
  const sent = await s.call('SendMessage', {
    QueueUrl,
    MessageBody: 'b',
    MessageAttributes: {
      'foo.one': { DataType: 'String', StringValue: 'é' },
      bytes: { DataType: 'Binary.png', BinaryValue: Buffer.from([0, 255]) },
    },
    MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1' } },
  });
  assert.match(sent.MD5OfMessageSystemAttributes ?? '', /^[0-9a-f]{32}$/);
  const receive = (names: string[]) =>
    s.call('ReceiveMessage', { QueueUrl, MessageAttributeNames: names, VisibilityTimeout: 0, AttributeNames: ['All'] });
  const all = (await receive(['All'])).Messages?.[0];
  assert.deepEqual(Buffer.from(all?.MessageAttributes?.bytes?.BinaryValue ?? []), Buffer.from([0, 255]));
  assert.deepEqual(
    [all?.MD5OfMessageAttributes, all?.Attributes?.AWSTraceHeader],
    [sent.MD5OfMessageAttributes, 'Root=1'],
  );
  const some = (await receive(['foo.*'])).Messages?.[0];
  assert.deepEqual(Object.keys(some?.MessageAttributes ?? {}), ['foo.one']);
  assert.notEqual(some?.MD5OfMessageAttributes, sent.MD5OfMessageAttributes);
  assert.equal((await receive([])).Messages?.[0]?.MessageAttributes, undefined);
});

test('attributes of messages that cannot be', async (t) => {
  const s = await scene(t);
  const QueueUrl = await s.queue('q');
  const wrong: Record<string, object> = {
    'AWS.x': { DataType: 'String', StringValue: 'v' },
    'a..b': { DataType: 'String', StringValue: 'v' },
    type: { DataType: 'Text', StringValue: 'v' },
    empty: { DataType: 'String', StringValue: '' },
    number: { DataType: 'Number', StringValue: 'ten' },
    binary: { DataType: 'Binary', StringValue: 'v' },
  };
  for (const [name, value] of Object.entries(wrong)) {
    const MessageAttributes = { [name]: value as { DataType: string } };
    const sent = s.call('SendMessage', { QueueUrl, MessageBody: 'b', MessageAttributes });
    await assert.rejects(sent, { code: 'InvalidParameterValue' }, name);
  }
});

test('a purge takes what was there, and nothing that is sent after it', async (t) => {
  const s = await scene(t);
  const QueueUrl = await s.queue('q');
  for (const MessageBody of ['a', 'b']) await s.call('SendMessage', { QueueUrl, MessageBody });
  await s.call('ReceiveMessage', { QueueUrl });
  await s.call('PurgeQueue', { QueueUrl });
  await s.call('SendMessage', { QueueUrl, MessageBody: 'c' });
  await s.restart();
  assert.deepEqual([await counts(s, QueueUrl), await bodies(s, QueueUrl)], [[1, 0, 0], ['c']]);
});

test('a restart keeps messages, what is in flight, delays and receive counts; a deleted queue is new when it is made again', async (t) => {
  const s = await scene(t);
  const QueueUrl = await s.queue('q', { VisibilityTimeout: '30' });
  for (const MessageBody of ['flying', 'waiting']) await s.call('SendMessage', { QueueUrl, MessageBody });
  await s.call('SendMessage', { QueueUrl, MessageBody: 'delayed', DelaySeconds: 100 });
  const { Messages } = await s.call('ReceiveMessage', { QueueUrl });
  await s.restart();
  assert.deepEqual(await counts(s, QueueUrl), [1, 1, 1]);
  await s.call('DeleteMessage', { QueueUrl, ReceiptHandle: Messages?.[0]?.ReceiptHandle });
  assert.deepEqual(await bodies(s, QueueUrl), ['waiting']);
  await s.clock.advance(100_000);
  assert.deepEqual((await bodies(s, QueueUrl)).sort(), ['delayed', 'waiting']);
  await s.call('DeleteQueue', { QueueUrl });
  await assert.rejects(s.call('PurgeQueue', { QueueUrl }), { code: 'QueueDoesNotExist' });
  await s.queue('q');
  await s.restart();
  assert.deepEqual(await counts(s, QueueUrl), [0, 0, 0]);
});

test('permissions make a policy, tags are kept, and lists come in pages', async (t) => {
  const s = await scene(t);
  const QueueUrl = await s.queue('q1');
  await s.queue('q2');
  await s.queue('other');
  const permission = { QueueUrl, Label: 'l', AWSAccountIds: ['111111111111'], Actions: ['SendMessage'] };
  await s.call('AddPermission', permission);
  await assert.rejects(s.call('AddPermission', permission), { code: 'InvalidParameterValue' });
  const { Attributes } = await s.call('GetQueueAttributes', { QueueUrl, AttributeNames: ['Policy'] });
  assert.deepEqual(JSON.parse(Attributes?.Policy ?? '').Statement[0].Principal, {
    AWS: 'arn:aws:iam::111111111111:root',
  });
  await s.call('RemovePermission', { QueueUrl, Label: 'l' });
  assert.equal((await s.call('GetQueueAttributes', { QueueUrl, AttributeNames: ['Policy'] })).Attributes, undefined);
  await s.call('TagQueue', { QueueUrl, Tags: { a: '1', b: '2' } });
  await s.call('UntagQueue', { QueueUrl, TagKeys: ['a'] });
  assert.deepEqual((await s.call('ListQueueTags', { QueueUrl })).Tags, { b: '2' });
  const first = await s.call('ListQueues', { QueueNamePrefix: 'q', MaxResults: 1 });
  const second = await s.call('ListQueues', { QueueNamePrefix: 'q', MaxResults: 1, NextToken: first.NextToken });
  assert.deepEqual(
    [first.QueueUrls?.length, second.QueueUrls?.[0]?.endsWith('/q2'), second.NextToken],
    [1, true, undefined],
  );
});
