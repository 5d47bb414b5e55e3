/** What the server does in the name of a function: reads its queue, tells its destinations, keeps its log. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  AttachRolePolicyCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  type IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  type LambdaClient,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { createFunction, invoke, lambdaClient } from '../harness/client.ts';
import { createKey } from '../harness/keys.ts';
import { nodePackage } from '../harness/packages.ts';
import { basic, type Credentials, createRole, iamClient, policy } from '../harness/roles.ts';
import { type Server, startServer } from '../harness/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'lambent-roles-'));
let server: Server;
let iam: IAMClient;
let lambda: LambdaClient;
let sqs: SQSClient;
let options: { endpoint: string; region: string; credentials: Credentials };
before(async () => {
  const credentials = createKey(folder);
  server = await startServer({ dataDir: folder, flags: ['--auth', 'signed'] });
  options = { endpoint: server.endpoint, region: 'us-east-1', credentials };
  iam = iamClient(server.endpoint, credentials);
  lambda = lambdaClient(server.endpoint, credentials);
  sqs = new SQSClient(options);
});
after(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const allow = (Action: string | string[], Resource: string) => ({ Effect: 'Allow', Action, Resource });
const arn = (service: string, name: string) => `arn:aws:${service}:us-east-1:000000000000:${name}`;
const lacks = (call: string, service: string) => ({
  name: 'InvalidParameterValueException',
  message: `The provided execution role does not have permissions to call ${call} on ${service}`,
});
/** Fails when it is asked to. */
const obedient = nodePackage(`exports.handler = async (event) => {
  console.log('GOT ' + JSON.stringify(event));
  if (event.fail) throw new Error('as asked');
};`);
const grant = (RoleName: string, ...statements: object[]) =>
  iam.send(new PutRolePolicyCommand({ RoleName, ...policy(statements) }));

async function functionWith(name: string, attached: string[] = [basic]): Promise<void> {
  const Role = await createRole(iam, { name, attached });
  await createFunction(lambda, { name, zip: obedient, Role });
}

async function queue(QueueName: string): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName }));
  return QueueUrl;
}

/** The next message, which is there within half a minute. */
async function next(QueueUrl: string): Promise<Message> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 }));
    if (Messages[0] !== undefined) return Messages[0];
  }
  throw new Error(`Nothing came to ${QueueUrl}\n${server.log()}`);
}

async function eventually(holds: () => Promise<boolean> | boolean, what: string): Promise<void> {
  const giveUpAt = performance.now() + 30_000;
  while (!(await holds())) {
    assert.ok(performance.now() < giveUpAt, `${what}\n${server.log()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function logged(name: string, text: string): Promise<boolean> {
  const logs = new CloudWatchLogsClient(options);
  const { logGroups = [] } = await logs.send(
    new DescribeLogGroupsCommand({ logGroupNamePrefix: `/aws/lambda/${name}` }),
  );
  if (logGroups.length === 0) return false;
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}` }));
  return events.some(({ message }) => message?.includes(text));
}

const invokeLater = (name: string, payload: object) => invoke(lambda, name, payload, { InvocationType: 'Event' });

test('a queue is read as the function’s role, and no longer when that may not', async () => {
  await functionWith('reader');
  const QueueUrl = await queue('read');
  const source = { FunctionName: 'reader', EventSourceArn: arn('sqs', 'read') };
  const map = () => lambda.send(new CreateEventSourceMappingCommand(source));
  const send = (MessageBody: string) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  await assert.rejects(map(), lacks('ReceiveMessage', 'SQS'));
  await grant('reader', allow('sqs:ReceiveMessage', source.EventSourceArn));
  await assert.rejects(map(), lacks('DeleteMessage', 'SQS'));
  const managed = 'arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole';
  const named = { RoleName: 'reader', PolicyArn: managed };
  await iam.send(new AttachRolePolicyCommand(named));
  const { UUID } = await map();
  await send('first');
  await eventually(() => logged('reader', 'first'), 'the first message is read');

  await iam.send(new DeleteRolePolicyCommand({ RoleName: 'reader', PolicyName: 'own' }));
  await iam.send(new DetachRolePolicyCommand(named));
  // A reader that waits for a message was let in before; the next one is not.
  await send('second');
  const lastResult = async () => (await lambda.send(new GetEventSourceMappingCommand({ UUID }))).LastProcessingResult;
  const problem = 'PROBLEM: The provided execution role does not have permissions to call ReceiveMessage on SQS';
  await eventually(async () => (await lastResult()) === problem, 'the mapping says what is wrong');
  // The queue's own policy lets it in as well as a policy of the role.
  await send('third');
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { ...allow('sqs:*', source.EventSourceArn), Principal: { AWS: 'arn:aws:iam::000000000000:role/reader' } },
    ],
  });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await eventually(() => logged('reader', 'third'), 'the third message is read');
});

test('destinations are told as the function’s role', async () => {
  await functionWith('teller');
  const QueueUrl = await queue('told');
  const configure = (Destination: string) =>
    lambda.send(
      new PutFunctionEventInvokeConfigCommand({
        ...{ FunctionName: 'teller', MaximumRetryAttempts: 0 },
        DestinationConfig: { OnFailure: { Destination } },
      }),
    );
  await assert.rejects(configure(arn('sqs', 'told')), lacks('SendMessage', 'SQS'));
  await assert.rejects(configure(arn('sns', 'told')), lacks('Publish', 'SNS'));
  await assert.rejects(configure('arn:aws:s3:::told'), lacks('PutObject', 'S3'));
  await functionWith('hearer');
  await assert.rejects(configure(arn('lambda', 'function:hearer')), lacks('InvokeFunction', 'Lambda'));

  const mayTell = allow('sqs:SendMessage', arn('sqs', 'told'));
  await grant('teller', mayTell);
  await configure(arn('sqs', 'told'));
  await invokeLater('teller', { fail: 1 });
  assert.deepEqual(JSON.parse((await next(QueueUrl)).Body ?? '').requestPayload, { fail: 1 });
  await grant('teller', allow('s3:*', '*'));
  await invokeLater('teller', { fail: 2 });
  await eventually(() => /Cannot tell a destination.*SendMessage on SQS/.test(server.log()), 'the log says why');

  await grant('teller', allow('lambda:InvokeFunction', arn('lambda', 'function:hearer')));
  await configure(arn('lambda', 'function:hearer'));
  await invokeLater('teller', { fail: 3 });
  await eventually(() => logged('hearer', '"requestPayload":{"fail":3}'), 'the other function hears of it');
});

test('dead letters are sent as the function’s role, to a topic too', async () => {
  await functionWith('mortal');
  const QueueUrl = await queue('dead');
  const sns = new SNSClient(options);
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'dead' }));
  const Attributes = { RawMessageDelivery: 'true' };
  const Endpoint = arn('sqs', 'dead');
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes }));
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ ...allow('sqs:SendMessage', Endpoint), Principal: { Service: 'sns.amazonaws.com' } }],
  });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  const configure = (TargetArn: string) =>
    lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'mortal', DeadLetterConfig: { TargetArn } }));
  await assert.rejects(configure(Endpoint), lacks('SendMessage', 'SQS'));
  await assert.rejects(configure(TopicArn), lacks('Publish', 'SNS'));
  await grant('mortal', allow('sns:Publish', TopicArn));
  await configure(TopicArn);
  const patience = { client: lambda, maxWaitTime: 30, minDelay: 0.05, maxDelay: 0.5 };
  await waitUntilFunctionUpdatedV2(patience, { FunctionName: 'mortal' });
  const noRetries = new PutFunctionEventInvokeConfigCommand({ FunctionName: 'mortal', MaximumRetryAttempts: 0 });
  await lambda.send(noRetries);
  await invokeLater('mortal', { fail: 'for good' });
  assert.equal((await next(QueueUrl)).Body, '{"fail":"for good"}');
});

test('a function whose role may not log leaves no log, and the server says so once', async () => {
  await functionWith('silent', []);
  const said = () =>
    server
      .log()
      .split('\n')
      .filter((line) => line.includes('function:silent')).length;
  for (const word of ['one', 'two']) assert.equal((await invoke(lambda, 'silent', { word })).status, 200);
  await eventually(() => said() > 0, 'the server says so');
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'silent', PolicyArn: basic }));
  await invoke(lambda, 'silent', { word: 'three' });
  await eventually(() => logged('silent', 'three'), 'what it says now is kept');
  assert.equal(await logged('silent', 'one'), false);
  assert.equal(said(), 1);
});
