/** Event notifications: what is accepted, what is told to whom; and a function that is invoked, through the built server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { AddPermissionCommand, InvokeCommand, PutFunctionEventInvokeConfigCommand } from '@aws-sdk/client-lambda';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketNotificationConfigurationCommand,
  GetObjectCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { EventTarget } from '../../src/services/s3/notifications/targets.ts';
import { createFunction, lambdaClient } from '../harness/client.ts';
import { nodePackage } from '../harness/packages.ts';
import { startS3 } from '../harness/s3.ts';
import { startServer } from '../harness/server.ts';

const Bucket = 'bucket';
const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const queueArn = 'arn:aws:sqs:us-east-1:000000000000:q';

interface Told {
  readonly arn: string;
  // biome-ignore lint/suspicious/noExplicitAny: a message as it was sent
  readonly message: any;
}

/** Hears of what was committed. */
function listening(told: Told[], refusal: (arn: string) => string | undefined = () => undefined): EventTarget {
  return {
    refusal,
    joined: (arn, { payload }) => ({
      statements: [],
      committed: () => void told.push({ arn, message: JSON.parse(payload.toString()) }),
    }),
  };
}

test('every way to make or remove an object is told, once, to whom it concerns', async () => {
  const told: Told[] = [];
  await using s3 = await startS3({ targets: { lambda: listening(told), sqs: listening(told) } });
  const client = s3.client();
  await client.send(new CreateBucketCommand({ Bucket }));
  const configure = (NotificationConfiguration: NotificationConfiguration) =>
    client.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
  const Key = { FilterRules: [{ Name: 'prefix', Value: 'in/' } as const, { Name: 'suffix', Value: '.jpg' } as const] };
  await configure({
    LambdaFunctionConfigurations: [
      {
        Id: 'mine',
        LambdaFunctionArn: functionArn,
        Events: ['s3:ObjectCreated:*', 's3:ObjectTagging:Put'],
        Filter: { Key },
      },
    ],
    QueueConfigurations: [{ QueueArn: queueArn, Events: ['s3:ObjectRemoved:*'] }],
  });
  assert.deepEqual(
    told.splice(0).map(({ arn, message }) => [arn, message.Event, message.Bucket]),
    [[queueArn, 's3:TestEvent', Bucket]],
  );
  const kept = await client.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
  assert.equal(kept.LambdaFunctionConfigurations?.[0]?.Id, 'mine');
  assert.match(kept.QueueConfigurations?.[0]?.Id ?? '', /^[0-9a-f-]{36}$/);
  const at = { Bucket, Key: 'in/a b+ü.jpg' };
  const { ETag } = await client.send(new PutObjectCommand({ ...at, Body: 'hello' }));
  const [{ message } = { message: undefined }] = told;
  const [record] = message.Records;
  assert.deepEqual(
    [record.eventVersion, record.eventSource, record.eventName, record.awsRegion, record.s3.configurationId],
    ['2.1', 'aws:s3', 'ObjectCreated:Put', 'us-east-1', 'mine'],
  );
  assert.deepEqual([record.s3.bucket.name, record.s3.bucket.arn], [Bucket, `arn:aws:s3:::${Bucket}`]);
  const { sequencer, ...object } = record.s3.object;
  assert.deepEqual(object, { key: 'in/a+b%2B%C3%BC.jpg', size: 5, eTag: ETag?.replaceAll('"', '') });
  assert.match(sequencer, /^[0-9A-F]{18}$/);
  assert.equal(record.requestParameters.sourceIPAddress, '127.0.0.1');
  await client.send(new PutObjectCommand({ Bucket, Key: 'in/other.png', Body: 'not meant' }));
  await client.send(new CopyObjectCommand({ Bucket, Key: 'in/copy.jpg', CopySource: `${Bucket}/in/other.png` }));
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'in/parts.jpg' }));
  const upload = { Bucket, Key: 'in/parts.jpg', UploadId };
  const part = await client.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: 'x' }));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: part.ETag }] };
  await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload }));
  await client.send(new PutObjectTaggingCommand({ ...at, Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } }));
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'in/other.png' }));
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'never there' }));
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  await client.send(new DeleteObjectCommand(at));
  assert.deepEqual(
    told.map(({ arn, message: { Records } }) => [arn, Records[0].eventName]),
    [
      [functionArn, 'ObjectCreated:Put'],
      [functionArn, 'ObjectCreated:Copy'],
      [functionArn, 'ObjectCreated:CompleteMultipartUpload'],
      [functionArn, 'ObjectTagging:Put'],
      [queueArn, 'ObjectRemoved:Delete'],
      [queueArn, 'ObjectRemoved:DeleteMarkerCreated'],
    ],
  );
  const sequencers = told.map(({ message: { Records } }) => Records[0].s3.object.sequencer);
  assert.deepEqual(sequencers, sequencers.toSorted());
  assert.equal(told.at(-1)?.message.Records[0].s3.object.size, undefined);
});

test('configurations that S3 does not take', async () => {
  const refusing = listening([], (arn) => (arn.endsWith(':f') ? undefined : 'there is no such queue'));
  await using s3 = await startS3({ targets: { lambda: refusing, sqs: refusing } });
  const client = s3.client();
  await client.send(new CreateBucketCommand({ Bucket }));
  const Events: ['s3:ObjectCreated:*'] = ['s3:ObjectCreated:*'];
  const rule = (prefix: string, suffix: string, arn = functionArn) => ({
    LambdaFunctionArn: arn,
    Events,
    Filter: {
      Key: {
        FilterRules: [
          { Name: 'prefix' as const, Value: prefix },
          { Name: 'suffix' as const, Value: suffix },
        ],
      },
    },
  });
  const twice = {
    FilterRules: [
      { Name: 'prefix' as const, Value: 'a' },
      { Name: 'prefix' as const, Value: 'b' },
    ],
  };
  const wrong: readonly [message: RegExp, configuration: NotificationConfiguration][] = [
    [/overlapping suffixes/, { LambdaFunctionConfigurations: [rule('a', 'x'), rule('ab', '')] }],
    [
      /overlapping suffixes/,
      { LambdaFunctionConfigurations: [rule('', 'x')], QueueConfigurations: [{ QueueArn: queueArn, Events }] },
    ],
    [/ARN could not be parsed/, { LambdaFunctionConfigurations: [rule('', '', 'arn:aws:lambda:f')] }],
    [
      /region is not valid/,
      { LambdaFunctionConfigurations: [rule('', '', functionArn.replace('us-east-1', 'eu-west-1'))] },
    ],
    [
      /more than one prefix/,
      { LambdaFunctionConfigurations: [{ LambdaFunctionArn: functionArn, Events, Filter: { Key: twice } }] },
    ],
    [/Unable to validate the following destination/, { QueueConfigurations: [{ QueueArn: queueArn, Events }] }],
    [
      /Unable to validate the following destination/,
      { TopicConfigurations: [{ TopicArn: queueArn.replace('sqs', 'sns'), Events }] },
    ],
  ];
  const send = (NotificationConfiguration: NotificationConfiguration, more: object = {}) =>
    client.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration, ...more }));
  for (const [message, configuration] of wrong) {
    await assert.rejects(send(configuration), { name: 'InvalidArgument', message }, JSON.stringify(configuration));
  }
  await send({ LambdaFunctionConfigurations: [rule('a', 'x'), rule('a', 'y'), rule('b', 'x')] });
  await send({ QueueConfigurations: [{ QueueArn: queueArn, Events }] }, { SkipDestinationValidation: true });
  await send({});
  const { QueueConfigurations } = await client.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
  assert.equal(QueueConfigurations, undefined);
});

test('a function is invoked for an object, once S3 may; what was acknowledged is told after kill -9', async () => {
  await using server = await startServer();
  const lambda = lambdaClient(server.endpoint);
  await createFunction(lambda, {
    name: 'f',
    zip: nodePackage(
      `exports.handler = async ({ Records: [{ eventName, s3 }] }) => { console.log('saw', eventName, s3.object.key); };`,
    ),
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new S3Client({ endpoint: server.endpoint, region: 'us-east-1', credentials });
  await client.send(new CreateBucketCommand({ Bucket }));
  const Events: ['s3:ObjectCreated:Put'] = ['s3:ObjectCreated:Put'];
  const NotificationConfiguration = { LambdaFunctionConfigurations: [{ LambdaFunctionArn: functionArn, Events }] };
  const configuring = () =>
    client.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
  await assert.rejects(configuring(), { message: 'Unable to validate the following destination configurations' });
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: 'f',
      StatementId: 's3',
      Action: 'lambda:InvokeFunction',
      Principal: 's3.amazonaws.com',
      SourceArn: `arn:aws:s3:::${Bucket}`,
      SourceAccount: '000000000000',
    }),
  );
  await configuring();
  await client.send(new PutObjectCommand({ Bucket, Key: 'first', Body: 'x' }));
  await until(server.endpoint, (seen) => seen.includes('first'));
  const acknowledged = await Promise.all(
    Array.from({ length: 20 }, async (_, n) => {
      await client.send(new PutObjectCommand({ Bucket, Key: `key-${n}`, Body: 'x' }));
      return `key-${n}`;
    }),
  );
  await server.kill9();
  await using again = await startServer({ dataDir: server.dataDir });
  await until(again.endpoint, (seen) => acknowledged.every((key) => seen.includes(key)));
});

test('a queue whose policy lets the bucket in gets a test event, and then the events', async () => {
  await using server = await startServer();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const options = { endpoint: server.endpoint, region: 'us-east-1', credentials };
  const [client, sqs] = [new S3Client(options), new SQSClient(options)];
  await client.send(new CreateBucketCommand({ Bucket }));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
  const Events: ['s3:ObjectCreated:*'] = ['s3:ObjectCreated:*'];
  const NotificationConfiguration = { QueueConfigurations: [{ QueueArn: queueArn, Events }] };
  const configuring = () =>
    client.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
  await assert.rejects(configuring(), { message: 'Unable to validate the following destination configurations' });
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 's3.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: queueArn,
      Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:s3:*:*:${Bucket}` } },
    },
  });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await configuring();
  await client.send(new PutObjectCommand({ Bucket, Key: 'told', Body: 'x' }));
  const said: string[] = [];
  for (let turn = 0; turn < 10 && said.length < 2; turn += 1) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 2 }));
    for (const { Body = '{}' } of Messages) {
      const message = JSON.parse(Body);
      said.push(message.Event ?? message.Records[0].s3.object.key);
    }
  }
  assert.deepEqual(said.toSorted(), ['s3:TestEvent', 'told']);
});

test('a topic is told, and a bucket is where failed events go, which is told in its turn', async () => {
  await using server = await startServer();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const options = { endpoint: server.endpoint, region: 'us-east-1', credentials };
  const [client, sqs, sns, lambda] = [
    new S3Client(options),
    new SQSClient(options),
    new SNSClient(options),
    lambdaClient(server.endpoint),
  ];
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 't' }));
  const allow = (service: string, Action: string, Resource: string | undefined) => {
    return { Effect: 'Allow', Principal: { Service: service }, Action, Resource };
  };
  const policy = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const ofTopic = policy(allow('s3.amazonaws.com', 'sns:Publish', TopicArn));
  await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue: ofTopic }));
  const Policy = policy(allow('sns.amazonaws.com', 'sqs:SendMessage', queueArn));
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  const raw = { RawMessageDelivery: 'true' };
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queueArn, Attributes: raw }));
  await client.send(new CreateBucketCommand({ Bucket }));
  const TopicConfigurations = [{ TopicArn, Events: ['s3:ObjectCreated:*' as const] }];
  await client.send(
    new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: { TopicConfigurations } }),
  );
  await createFunction(lambda, {
    name: 'f',
    zip: nodePackage(`exports.handler = async () => { throw new Error('no'); };`),
  });
  await lambda.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName: 'f',
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: `arn:aws:s3:::${Bucket}` } },
    }),
  );
  const event = { FunctionName: 'f', InvocationType: 'Event' as const, Payload: Buffer.from('{"n":1}') };
  await lambda.send(new InvokeCommand(event));
  const keys: string[] = [];
  for (let turn = 0; turn < 15 && keys.length < 1; turn += 1) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 2 }));
    for (const { Body = '{}' } of Messages) {
      const message = JSON.parse(Body);
      if (message.Records !== undefined) keys.push(message.Records[0].s3.object.key);
    }
  }
  const [key = ''] = keys;
  assert.match(key, /^aws\/lambda\/async\/f\/\d{4}\/\d\d\/\d\d\//);
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: key }));
  const told = JSON.parse((await Body?.transformToString()) ?? '');
  assert.deepEqual([told.requestContext.condition, told.requestPayload], ['RetriesExhausted', { n: 1 }]);
});

/** The keys in the function's log, until they are as they should be. */
async function until(endpoint: string, enough: (keys: readonly string[]) => boolean): Promise<void> {
  const logs = new CloudWatchLogsClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  let keys: string[] = [];
  for (let turn = 0; turn < 300 && !enough(keys); turn += 1) {
    await sleep(100);
    const found = await logs
      .send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/f', filterPattern: 'saw' }))
      .catch(() => undefined);
    keys = (found?.events ?? []).map(({ message = '' }) => /ObjectCreated:Put (\S+)/.exec(message)?.[1] ?? '');
  }
  assert.ok(enough(keys), `the function saw ${keys.join(', ')}`);
}
