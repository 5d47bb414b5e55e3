/** The queues that event source mappings read keep the pump's contract: this server's own, and another's over HTTP. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CreateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { systemClock as clock } from '../../src/base/clock.ts';
import { systemRandom as random } from '../../src/base/random.ts';
import { ownQueues } from '../../src/composition/own-queues.ts';
import { holdingSourceContract, type SourceHarness } from '../../src/lambda/sources/contract.ts';
import { httpQueues } from '../../src/lambda/sources/sqs/http-calls.ts';
import { Queue } from '../../src/lambda/sources/sqs/queue.ts';
import { silentLog } from '../../src/observe/log.ts';
import { createSqsTable } from '../../src/services/sqs/api/table.ts';
import { createSqs } from '../../src/services/sqs/sqs.ts';
import { openStore } from '../../src/store/open.ts';
import { createFunction, lambdaClient } from '../harness/client.ts';
import { nodePackage } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const reader = () => ({ accountId: '000000000000', roleArn: 'arn:aws:iam::000000000000:role/test' });
let count = 0;

holdingSourceContract('own queues', async (): Promise<SourceHarness> => {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-queues-'));
  const store = await openStore({ dataDir: folder, clock, log: silentLog });
  const sqs = createSqs({ ...store.sqs, serverSecret: store.serverSecret, clock, random, log: silentLog });
  const table = createSqsTable(sqs);
  const calls = ownQueues({ table, roles: { may: () => true }, random });
  const context = {
    service: 'sqs',
    operation: '',
    region: 'us-east-1',
    accountId: '000000000000',
    principal: { kind: 'root', accountId: '000000000000', arn: 'arn:aws:iam::000000000000:root' },
    requestId: '',
    endpoint: 'http://sqs',
    headers: {},
    signal: new AbortController().signal,
    responseHeaders: {},
  } as const;
  return {
    async open() {
      count += 1;
      const QueueName = `own-${count}`;
      const input = { QueueName, Attributes: { VisibilityTimeout: '1' } };
      const { QueueUrl } = await table.CreateQueue.handle(input, { ...context, responseHeaders: {} });
      const put = async (MessageBody: string) => {
        await table.SendMessage.handle({ QueueUrl, MessageBody }, { ...context, responseHeaders: {} });
      };
      return { source: new Queue(arn(QueueName), reader, { calls, clock }), put };
    },
    async [Symbol.asyncDispose]() {
      await sqs.stop();
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});

interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Another server, whose signatures have to hold. */
const otherData = mkdtempSync(join(tmpdir(), 'lambent-other-'));
let other: Server;
let credentials: Key;

before(async () => {
  const program = join(import.meta.dirname, '../../bin/lambent');
  const made = execFileSync(program, ['keys', 'create', '--data', otherData, '--json'], { encoding: 'utf8' });
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = JSON.parse(made);
  credentials = { accessKeyId, secretAccessKey };
  other = await startServer({ dataDir: otherData, flags: ['--auth', 'signed'] });
});

after(async () => {
  await other.stop();
  rmSync(otherData, { recursive: true });
});

holdingSourceContract('queues over HTTP', async (): Promise<SourceHarness> => {
  const { endpoint } = other;
  const calls = httpQueues({ endpoint, credentials, clock });
  const client = new SQSClient({ endpoint, region: 'us-east-1', credentials });
  return {
    async open() {
      count += 1;
      const QueueName = `other-${count}`;
      const { QueueUrl } = await client.send(
        new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout: '1' } }),
      );
      const put = async (MessageBody: string) => {
        await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
      };
      return { source: new Queue(arn(QueueName), reader, { calls, clock }), put };
    },
    async [Symbol.asyncDispose]() {
      client.destroy();
    },
  };
});

test('a mapping reads the queues of an account elsewhere, as the settings say', async () => {
  const env = { AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey };
  const flags = ['--queue-endpoints', `000000000000=${other.endpoint}`];
  await using server = await startServer({ flags, env });
  const lambda = lambdaClient(server.endpoint);
  await createFunction(lambda, { name: 'f', zip: nodePackage('exports.handler = async () => {};') });
  const sqs = new SQSClient({ endpoint: other.endpoint, region: 'us-east-1', credentials });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'elsewhere' }));
  const map = (EventSourceArn: string) =>
    lambda.send(new CreateEventSourceMappingCommand({ FunctionName: 'f', EventSourceArn }));
  await assert.rejects(map(arn('nobody')), /NonExistentQueue/);
  await map(arn('elsewhere'));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const deadline = performance.now() + 20_000;
  for (;;) {
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] });
    const { Attributes = {} } = await sqs.send(command);
    if (Object.values(Attributes).every((count) => count === '0')) break;
    assert.ok(performance.now() < deadline, 'the message is taken within twenty seconds');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});
