/** The official JavaScript SDK, boto3 and the AWS CLI against SNS, with functions, queues and endpoints that are told. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { AddPermissionCommand } from '@aws-sdk/client-lambda';
import {
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { createFunction, lambdaClient } from '../harness/client.ts';
import { nodePackage } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const run = promisify(execFile);
const python = ['/usr/bin/python3', 'python3'].find((program) => works(program, ['-c', 'import boto3']));

interface Told {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe('SNS', () => {
  let server: Server;
  let client: SNSClient;
  before(async () => {
    server = await startServer();
    client = new SNSClient({ endpoint: server.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  });
  after(async () => {
    client.destroy();
    await server[Symbol.asyncDispose]();
  });

  test('a function that lets the topic in is invoked with the event', async () => {
    const lambda = lambdaClient(server.endpoint);
    const source = 'exports.handler = async (event) => { console.log("told", event.Records[0].Sns.Message); };';
    await createFunction(lambda, { name: 'told', zip: nodePackage(source) });
    const { TopicArn } = await client.send(new CreateTopicCommand({ Name: 'functions' }));
    await lambda.send(
      new AddPermissionCommand({
        FunctionName: 'told',
        StatementId: 's',
        Action: 'lambda:InvokeFunction',
        Principal: 'sns.amazonaws.com',
        SourceArn: TopicArn,
      }),
    );
    const Endpoint = 'arn:aws:lambda:us-east-1:000000000000:function:told';
    await client.send(new SubscribeCommand({ TopicArn, Protocol: 'lambda', Endpoint }));
    await client.send(new PublishCommand({ TopicArn, Message: 'the news' }));
    const logs = new CloudWatchLogsClient({ endpoint: server.endpoint, region: 'us-east-1', credentials });
    const filter = new FilterLogEventsCommand({ logGroupName: '/aws/lambda/told', filterPattern: 'told' });
    await until(async () => {
      const { events = [] } = await logs.send(filter).catch(() => ({ events: [] }));
      return events.some(({ message }) => message?.includes('told the news'));
    });
  });

  test('an endpoint confirms by its link, is told, and tried again when it failed', async () => {
    const told: Told[] = [];
    let failures = 1;
    const endpoint = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const notification = request.headers['x-amz-sns-message-type'] === 'Notification';
      if (notification && failures-- > 0) response.statusCode = 503;
      else told.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.end();
    });
    endpoint.listen(0, '127.0.0.1');
    await once(endpoint, 'listening');
    const address = endpoint.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/hook`;
    try {
      const { TopicArn } = await client.send(new CreateTopicCommand({ Name: 'endpoints' }));
      const quick = { healthyRetryPolicy: { numRetries: 3, minDelayTarget: 1, maxDelayTarget: 1 } };
      const Attributes = { DeliveryPolicy: JSON.stringify(quick) };
      const subscribe = { TopicArn, Protocol: 'http', Endpoint: url, Attributes, ReturnSubscriptionArn: true };
      const { SubscriptionArn } = await client.send(new SubscribeCommand(subscribe));
      await until(async () => told.length === 1);
      const { SubscribeURL, SigningCertURL } = JSON.parse(told[0]?.body ?? '');
      assert.match(await (await fetch(SubscribeURL)).text(), /<SubscriptionArn>arn:aws:sns:/);
      assert.match(await (await fetch(SigningCertURL)).text(), /^-----BEGIN CERTIFICATE-----/);
      const asked = new GetSubscriptionAttributesCommand({ SubscriptionArn });
      assert.equal((await client.send(asked)).Attributes?.PendingConfirmation, 'false');
      await client.send(new PublishCommand({ TopicArn, Message: 'the news' }));
      await until(async () => told.length === 2);
      assert.equal(JSON.parse(told[1]?.body ?? '').Message, 'the news');
      assert.equal(told[1]?.headers['x-amz-sns-subscription-arn'], SubscriptionArn);
    } finally {
      endpoint.close();
    }
  });

  test('boto3 works unchanged', {
    skip: python === undefined ? 'boto3 is not installed (Debian package python3-boto3)' : false,
  }, async () => {
    const script = join(import.meta.dirname, 'sns_test.py');
    const { stdout } = await run(python ?? '', [script, server.endpoint], { timeout: 60_000 });
    assert.match(stdout, /found everything as it expects it/);
  });

  test('the AWS CLI works unchanged', {
    skip: works('/usr/bin/aws', ['--version']) ? false : '/usr/bin/aws is not installed (Debian package awscli)',
  }, async () => {
    const env = { PATH: '/usr/bin:/bin', HOME: '/nonexistent', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
    const aws = async (...args: string[]) => {
      const all = ['--endpoint-url', server.endpoint, '--region', 'us-east-1', '--output', 'json', 'sns', ...args];
      const { stdout } = await run('/usr/bin/aws', all, { env: { ...env, AWS_PAGER: '' } });
      return stdout === '' ? {} : JSON.parse(stdout);
    };
    const { TopicArn } = await aws('create-topic', '--name', 'cli', '--tags', 'Key=a,Value=b');
    assert.match((await aws('publish', '--topic-arn', TopicArn, '--message', 'm')).MessageId, /^[0-9a-f-]{36}$/);
    assert.deepEqual((await aws('list-tags-for-resource', '--resource-arn', TopicArn)).Tags, [
      { Key: 'a', Value: 'b' },
    ]);
    await aws('delete-topic', '--topic-arn', TopicArn);
  });
});

async function until(fact: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + 20_000;
  while (!(await fact())) {
    assert.ok(performance.now() < giveUpAt, 'it never came to be');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function works(program: string, args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
