import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scene } from './testing/scene.ts';
import { TopicTarget } from './topic-target.ts';

const alarm = {
  service: 'cloudwatch.amazonaws.com',
  arn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:a',
  accountId: '000000000000',
};
const bucket = { service: 's3.amazonaws.com', arn: 'arn:aws:s3:::b', accountId: '000000000000' };

test('alarms of its own account, functions, and whom its policy lets in may publish', async (t) => {
  const s = await scene(t);
  const target = await s.topic('t');
  const topics = new TopicTarget(s.sns);
  const setPolicy = (AttributeValue: string) =>
    s.call('SetTopicAttributes', { TopicArn: target, AttributeName: 'Policy', AttributeValue });
  const refused = (source: typeof alarm) => topics.refusal({ target, source })?.code;
  assert.equal(topics.refusal({ target: `${target}2`, source: alarm })?.code, 'NotFound');
  assert.deepEqual([refused(alarm), refused(bucket)], [undefined, 'AuthorizationError']);
  assert.equal(refused({ ...alarm, accountId: '111111111111' }), 'AuthorizationError');
  assert.equal(refused({ ...bucket, service: 'lambda.amazonaws.com' }), undefined);
  const { Attributes } = await s.call('GetTopicAttributes', { TopicArn: target });
  await setPolicy(Attributes?.Policy ?? '');
  assert.deepEqual([refused(alarm), refused(bucket)], [undefined, 'AuthorizationError']);
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 's3.amazonaws.com' },
    Action: 'SNS:Publish',
    Resource: target,
  };
  await setPolicy(JSON.stringify({ Version: '2012-10-17', Statement: [statement] }));
  assert.deepEqual([refused(alarm), refused(bucket)], ['AuthorizationError', undefined]);
});

test('a subject is made to fit', async (t) => {
  const s = await scene(t);
  const target = await s.topic('t');
  await s.call('Subscribe', { TopicArn: target, Protocol: 'sqs', Endpoint: 'arn:aws:sqs:us-east-1:000000000000:q' });
  await new TopicTarget(s.sns).accept({ target, source: alarm, body: 'b', subject: ` é${'x'.repeat(200)}` });
  const [delivery] = await s.delivered();
  assert.equal(JSON.parse(delivery?.body ?? '').Subject, `?${'x'.repeat(99)}`);
});
