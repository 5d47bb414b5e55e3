/** `kill -9` of a server that publishes: whoever was told that a message is published finds it in the queue. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startServer } from '../harness/server.ts';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const queueArn = 'arn:aws:sqs:us-east-1:000000000000:q';
const statement = { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:*', Resource: queueArn };

test('what was published is delivered by the next server', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lambent-sns-kill9-'));
  const published: string[] = [];
  try {
    for (let round = 0; round < 2; round += 1) await oneRound(dataDir, round, published);
    assert.ok(published.length > 50, `too little load: ${published.length}`);
    await using server = await startServer({ dataDir });
    const options = { endpoint: server.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
    const sqs = new SQSClient(options);
    const QueueUrl = `${server.endpoint}/000000000000/q`;
    const found = new Set<string>();
    for (;;) {
      const input = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 3, VisibilityTimeout: 600 };
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(input));
      if (Messages.length === 0) break;
      for (const { Body = '' } of Messages) found.add(Body);
    }
    sqs.destroy();
    assert.deepEqual(
      published.filter((message) => !found.has(message)),
      [],
    );
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

async function oneRound(dataDir: string, round: number, published: string[]): Promise<void> {
  await using server = await startServer({ dataDir });
  const options = { endpoint: server.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
  const [sns, sqs] = [new SNSClient(options), new SQSClient(options)];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await sqs.send(new CreateQueueCommand({ QueueName: 'q', Attributes: { Policy } }));
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 't' }));
  const Attributes = { RawMessageDelivery: 'true' };
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queueArn, Attributes }));
  let running = true;
  const loops = [0, 1, 2, 3].map(async (loop) => {
    for (let n = 0; running; n += 1) {
      const Message = `${round}-${loop}-${n}`;
      const done = await sns.send(new PublishCommand({ TopicArn, Message })).catch(() => undefined);
      if (done !== undefined) published.push(Message);
    }
  });
  await new Promise((resolve) => setTimeout(resolve, 600));
  await server.kill9();
  running = false;
  await Promise.all(loops);
  sns.destroy();
  sqs.destroy();
}
