import assert from 'node:assert/strict';
import { verify, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { function_, queue, scene } from '../testing/scene.ts';

test('a topic is made once, and again only as it is', async (t) => {
  const s = await scene(t);
  const arn = await s.topic('t', { DisplayName: 'd' });
  assert.equal(arn, 'arn:aws:sns:us-east-1:000000000000:t');
  assert.equal(await s.topic('t'), arn);
  await assert.rejects(s.topic('t', { DisplayName: 'other' }), { code: 'InvalidParameterException' });
  await assert.rejects(s.topic('a b'), { code: 'InvalidParameterException' });
  await assert.rejects(s.topic('t.fifo'), { code: 'InvalidParameterException' });
  await s.call('DeleteTopic', { TopicArn: arn });
  await s.call('DeleteTopic', { TopicArn: arn });
  await assert.rejects(s.call('GetTopicAttributes', { TopicArn: arn }), { code: 'NotFoundException' });
  await assert.rejects(s.call('GetTopicAttributes', { TopicArn: 't' }), { code: 'InvalidParameterException' });
});

test('queues get JSON or the raw message, functions an event; each subscription has its own', async (t) => {
  const s = await scene(t);
  const TopicArn = await s.topic('t');
  const subscribe = (Protocol: string, Endpoint: string, Attributes = {}) =>
    s.call('Subscribe', { TopicArn, Protocol, Endpoint, Attributes });
  const { SubscriptionArn = '' } = await subscribe('sqs', queue);
  assert.match(SubscriptionArn, /^arn:aws:sns:us-east-1:000000000000:t:[0-9a-f-]{36}$/);
  assert.equal((await subscribe('sqs', queue)).SubscriptionArn, SubscriptionArn);
  await subscribe('sqs', `${queue}2`, { RawMessageDelivery: 'true' });
  await subscribe('lambda', function_);
  const MessageAttributes = { n: { DataType: 'Number', StringValue: '1' } };
  const { MessageId } = await s.call('Publish', { TopicArn, Message: 'hello', Subject: 'sub', MessageAttributes });
  const [enveloped, raw, event] = await s.delivered();
  const envelope = JSON.parse(enveloped?.body ?? '');
  assert.deepEqual(
    [envelope.Type, envelope.MessageId, envelope.Message, envelope.Subject, envelope.MessageAttributes],
    ['Notification', MessageId, 'hello', 'sub', { n: { Type: 'Number', Value: '1' } }],
  );
  assert.deepEqual([raw?.body, raw?.attributes], ['hello', { n: { type: 'Number', text: '1' } }]);
  const { Records } = JSON.parse(event?.body ?? '');
  assert.deepEqual(
    [Records[0].EventSource, Records[0].Sns.Message, Records[0].Sns.TopicArn],
    ['aws:sns', 'hello', TopicArn],
  );
  assert.deepEqual(event?.source, { service: 'sns.amazonaws.com', arn: TopicArn, accountId: '000000000000' });
});

test('what is signed can be checked with the certificate that is served', async (t) => {
  const s = await scene(t);
  for (const [version, algorithm] of [
    ['1', 'sha1'],
    ['2', 'sha256'],
  ] as const) {
    const TopicArn = await s.topic(`t${version}`, { SignatureVersion: version });
    await s.call('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: queue });
    await s.call('Publish', { TopicArn, Message: 'hello' });
    const [delivery] = await s.delivered();
    const { Message, MessageId, Timestamp, Type, Signature } = JSON.parse(delivery?.body ?? '');
    const text = Object.entries({ Message, MessageId, Timestamp, TopicArn, Type }).map(
      (pair) => `${pair.join('\n')}\n`,
    );
    await s.restart();
    const { publicKey } = new X509Certificate(await s.sns.signer.certificate());
    assert.ok(verify(algorithm, Buffer.from(text.join('')), publicKey, Buffer.from(Signature, 'base64')), version);
  }
});

test('a filter keeps away what is not wanted, and goes when it is set to nothing', async (t) => {
  const s = await scene(t);
  const TopicArn = await s.topic('t');
  const Attributes = { FilterPolicy: '{"kind":["a"]}', RawMessageDelivery: 'true' };
  const { SubscriptionArn } = await s.call('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: queue, Attributes });
  const publish = (Message: string, kind: string) =>
    s.call('Publish', { TopicArn, Message, MessageAttributes: { kind: { DataType: 'String', StringValue: kind } } });
  await publish('1', 'a');
  await publish('2', 'b');
  const set = (AttributeName: string, AttributeValue: string) =>
    s.call('SetSubscriptionAttributes', { SubscriptionArn, AttributeName, AttributeValue });
  await assert.rejects(set('FilterPolicy', '{"kind":"a"}'), { code: 'InvalidParameterException' });
  await set('FilterPolicy', '{}');
  await publish('3', 'b');
  assert.deepEqual(
    (await s.delivered()).map(({ body }) => body),
    ['1', '3'],
  );
});

test('another message for each protocol', async (t) => {
  const s = await scene(t);
  const TopicArn = await s.topic('t');
  await s.call('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: queue, Attributes: { RawMessageDelivery: 'true' } });
  await s.call('Subscribe', { TopicArn, Protocol: 'lambda', Endpoint: function_ });
  const publish = (Message: string) => s.call('Publish', { TopicArn, Message, MessageStructure: 'json' });
  await publish(JSON.stringify({ default: 'for all', sqs: 'for queues' }));
  const [toQueue, toFunction] = await s.delivered();
  assert.deepEqual(
    [toQueue?.body, JSON.parse(toFunction?.body ?? '').Records[0].Sns.Message],
    ['for queues', 'for all'],
  );
  await assert.rejects(publish('no JSON'), { code: 'InvalidParameterException' });
  await assert.rejects(publish('{"sqs":"x"}'), { code: 'InvalidParameterException' });
});

test('an endpoint is asked before it gets anything, and the link in the question is the answer', async (t) => {
  const s = await scene(t);
  const TopicArn = await s.topic('t');
  const Endpoint = 'http://example.test/hook';
  const subscribed = await s.call('Subscribe', { TopicArn, Protocol: 'http', Endpoint });
  assert.equal(subscribed.SubscriptionArn, 'pending confirmation');
  await s.call('Publish', { TopicArn, Message: 'too early' });
  const [asked, ...others] = await s.delivered();
  assert.deepEqual([asked?.target, others], [Endpoint, []]);
  assert.equal(asked?.headers?.['x-amz-sns-message-type'], 'SubscriptionConfirmation');
  const { SubscribeURL, Token } = JSON.parse(asked?.body ?? '');
  assert.equal(new URL(SubscribeURL).searchParams.get('Token'), Token);
  const listed = async () =>
    (await s.call('ListSubscriptionsByTopic', { TopicArn })).Subscriptions?.[0]?.SubscriptionArn;
  assert.equal(await listed(), 'PendingConfirmation');
  await assert.rejects(s.call('ConfirmSubscription', { TopicArn, Token: 'x' }), { code: 'InvalidParameterException' });
  const { SubscriptionArn } = await s.call('ConfirmSubscription', { TopicArn, Token });
  assert.equal(await listed(), SubscriptionArn);
  await s.call('Publish', { TopicArn, Message: 'now' });
  const [delivery] = await s.delivered();
  assert.equal(delivery?.headers?.['x-amz-sns-subscription-arn'], SubscriptionArn);
  assert.deepEqual([delivery?.retry?.attemptsMax, delivery?.retry?.waitMsMin], [4, 20_000]);
});

test('FIFO topics: order, identities within five minutes, and only queues', async (t) => {
  const s = await scene(t);
  const TopicArn = await s.topic('t.fifo', { FifoTopic: 'true', ContentBasedDeduplication: 'true' });
  await s.call('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: `${queue}.fifo` });
  await assert.rejects(s.call('Subscribe', { TopicArn, Protocol: 'lambda', Endpoint: function_ }), {
    code: 'InvalidParameterException',
  });
  const publish = (Message: string) => s.call('Publish', { TopicArn, Message, MessageGroupId: 'g' });
  const published = await Promise.all(['1', '2', '1', '3'].map(publish));
  assert.equal(published[2]?.MessageId, published[0]?.MessageId);
  await s.restart();
  assert.equal((await publish('2')).MessageId, published[1]?.MessageId);
  const messages = (await s.delivered()).map(({ body }) => JSON.parse(body));
  assert.deepEqual(
    messages.map(({ Message }) => Message),
    ['1', '2', '3'],
  );
  const numbers = messages.map(({ SequenceNumber }) => SequenceNumber);
  assert.deepEqual(numbers, [...numbers].sort());
  await s.clock.advance(300_000);
  assert.notEqual((await publish('1')).MessageId, published[0]?.MessageId);
  await assert.rejects(s.call('Publish', { TopicArn, Message: 'no group' }), { code: 'InvalidParameterException' });
});

test('batches: what is wrong as a whole, and what is wrong in an entry', async (t) => {
  const s = await scene(t);
  const TopicArn = await s.topic('t');
  const publish = (entries: { Id: string; Message: string }[]) =>
    s.call('PublishBatch', { TopicArn, PublishBatchRequestEntries: entries });
  const entry = (Id: string, Message = 'm') => ({ Id, Message });
  await assert.rejects(publish([]), { code: 'EmptyBatchRequestException' });
  await assert.rejects(publish(Array.from({ length: 11 }, (_, n) => entry(`${n}`))), {
    code: 'TooManyEntriesInBatchRequestException',
  });
  await assert.rejects(publish([entry('a'), entry('a')]), { code: 'BatchEntryIdsNotDistinctException' });
  await assert.rejects(publish([entry('a b')]), { code: 'InvalidBatchEntryIdException' });
  const long = 'x'.repeat(200_000);
  await assert.rejects(publish([entry('a', long), entry('b', long)]), { code: 'BatchRequestTooLongException' });
  const { Successful, Failed } = await publish([entry('good'), entry('empty', '')]);
  assert.deepEqual(
    [Successful?.map(({ Id }) => Id), Failed?.map(({ Id, Code }) => [Id, Code])],
    [['good'], [['empty', 'InvalidParameter']]],
  );
});

test('what cannot be published or subscribed', async (t) => {
  const s = await scene(t);
  const TopicArn = await s.topic('t');
  const attribute = (value: { DataType: string; StringValue?: string }) => ({ MessageAttributes: { a: value } });
  for (const input of [
    { Message: '' },
    { Message: 'm', Subject: 'x'.repeat(101) },
    { Message: 'm', Subject: 'a\nb' },
    { Message: 'x'.repeat(262_145) },
    { Message: 'm', MessageDeduplicationId: 'd' },
    { Message: 'm', ...attribute({ DataType: 'Text', StringValue: 'x' }) },
    { Message: 'm', ...attribute({ DataType: 'Number', StringValue: 'x' }) },
    { Message: 'm', ...attribute({ DataType: 'String' }) },
  ]) {
    await assert.rejects(s.call('Publish', { TopicArn, ...input }), { code: 'InvalidParameterException' });
  }
  await assert.rejects(s.call('Publish', { TopicArn: `${TopicArn}x`, Message: 'm' }), { code: 'NotFoundException' });
  const wrong: readonly (readonly [string, string, string])[] = [
    ['sqs', 'q', 'InvalidParameterException'],
    ['sqs', `${queue}.fifo`, 'InvalidParameterException'],
    ['lambda', queue, 'InvalidParameterException'],
    ['http', 'https://example.test', 'InvalidParameterException'],
    ['pigeon', 'x', 'InvalidParameterException'],
    ['email', 'a@example.test', 'NotImplemented'],
  ];
  for (const [Protocol, Endpoint, code] of wrong) {
    await assert.rejects(s.call('Subscribe', { TopicArn, Protocol, Endpoint }), { code }, `${Protocol} ${Endpoint}`);
  }
});

test('dead letters, attributes, tags and permissions are kept across a restart; unsubscribing ends', async (t) => {
  const s = await scene(t);
  const TopicArn = await s.topic('t');
  const Attributes = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `${queue}-dead` }) };
  const { SubscriptionArn } = await s.call('Subscribe', {
    TopicArn,
    Protocol: 'lambda',
    Endpoint: function_,
    Attributes,
  });
  await s.call('SetTopicAttributes', { TopicArn, AttributeName: 'DisplayName', AttributeValue: 'shown' });
  await s.call('TagResource', {
    ResourceArn: TopicArn,
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ],
  });
  await s.call('UntagResource', { ResourceArn: TopicArn, TagKeys: ['a'] });
  const permission = { TopicArn, Label: 'l', AWSAccountId: ['111111111111'], ActionName: ['Publish'] };
  await s.call('AddPermission', permission);
  await assert.rejects(s.call('AddPermission', permission), { code: 'InvalidParameterException' });
  await s.restart();
  const { Attributes: shown } = await s.call('GetTopicAttributes', { TopicArn });
  assert.deepEqual([shown?.DisplayName, shown?.SubscriptionsConfirmed], ['shown', '1']);
  assert.match(shown?.Policy ?? '', /111111111111:root/);
  assert.deepEqual((await s.call('ListTagsForResource', { ResourceArn: TopicArn })).Tags, [{ Key: 'b', Value: '2' }]);
  await s.call('Publish', { TopicArn, Message: 'm' });
  const [delivery] = await s.delivered();
  assert.deepEqual(
    [delivery?.deadLetterTarget, JSON.parse(delivery?.deadLetterBody ?? '').Message],
    [`${queue}-dead`, 'm'],
  );
  await s.call('RemovePermission', { TopicArn, Label: 'l' });
  await s.call('Unsubscribe', { SubscriptionArn });
  await s.call('Publish', { TopicArn, Message: 'm' });
  assert.deepEqual(await s.delivered(), []);
});

test('what a function subscribed reaches nothing on this machine', async (t) => {
  const s = await scene(t);
  const TopicArn = await s.topic('t');
  const subscribe = (Endpoint: string, inside: boolean) =>
    s.call('Subscribe', { TopicArn, Protocol: 'http', Endpoint }, { inside });
  await subscribe('http://127.0.0.1:1/', true);
  await subscribe('http://127.0.0.1:2/', false);
  assert.deepEqual(
    (await s.delivered()).map(({ elsewhere }) => elsewhere),
    [true, undefined],
  );
});

test('who does not answer for three days is not asked any more', async (t) => {
  const s = await scene(t);
  const TopicArn = await s.topic('t');
  await s.call('Subscribe', { TopicArn, Protocol: 'http', Endpoint: 'http://example.test/' });
  const Token = JSON.parse((await s.delivered())[0]?.body ?? '').Token;
  await s.clock.advance(3 * 24 * 3_600_000 + 1);
  await assert.rejects(s.call('ConfirmSubscription', { TopicArn, Token }), { code: 'InvalidParameterException' });
  s.sns.start();
  while (s.sns.store.subscriptionsOf(TopicArn).length > 0) await new Promise((resolve) => setImmediate(resolve));
  s.sns.stop();
});
