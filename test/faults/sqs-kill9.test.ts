/** `kill -9` of a server whose queues are in use: what was sent is there, what was deleted does not come back. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { startServer } from '../harness/server.ts';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const visibilitySeconds = 1;

/** What the clients were told. */
interface Known {
  readonly sent: Set<string>;
  readonly deleted: Set<string>;
  /** Asked for and not answered: either way is right. */
  readonly doubtful: Set<string>;
}

test('messages that were acknowledged survive, and deleted ones stay away', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lambent-sqs-kill9-'));
  const known: Known = { sent: new Set(), deleted: new Set(), doubtful: new Set() };
  try {
    for (let round = 0; round < 3; round += 1) await oneRound(dataDir, round, known);
    assert.ok(
      known.sent.size > 100 && known.deleted.size > 50,
      `too little load: ${known.sent.size}, ${known.deleted.size}`,
    );
    await using server = await startServer({ dataDir });
    const left = await drained(server.endpoint);
    assert.deepEqual(
      [...left].filter((body) => known.deleted.has(body)),
      [],
      'deleted messages came back',
    );
    const lost = [...known.sent].filter(
      (body) => !known.deleted.has(body) && !known.doubtful.has(body) && !left.has(body),
    );
    assert.deepEqual(lost, [], 'acknowledged messages are lost');
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

async function oneRound(dataDir: string, round: number, known: Known): Promise<void> {
  await using server = await startServer({ dataDir });
  const { client, QueueUrl } = await queueOf(server.endpoint);
  let running = true;
  const loops = [0, 1, 2, 3].map((loop) =>
    repeat(
      () => running,
      (n) =>
        loop < 2 ? send(client, QueueUrl, `${round}-${loop}-${n}`, known) : receiveAndDelete(client, QueueUrl, known),
    ),
  );
  await new Promise((resolve) => setTimeout(resolve, 700));
  await server.kill9();
  running = false;
  await Promise.all(loops);
  client.destroy();
}

async function queueOf(endpoint: string) {
  const client = new SQSClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  const Attributes = { VisibilityTimeout: String(visibilitySeconds) };
  const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName: 'q', Attributes }));
  return { client, QueueUrl };
}

async function send(client: SQSClient, QueueUrl: string, name: string, { sent }: Known): Promise<void> {
  const bodies = Array.from({ length: 5 }, (_, n) => `${name}-${n}`);
  await client.send(
    new SendMessageBatchCommand({ QueueUrl, Entries: bodies.map((MessageBody, n) => ({ Id: `${n}`, MessageBody })) }),
  );
  for (const body of bodies) sent.add(body);
}

async function receiveAndDelete(client: SQSClient, QueueUrl: string, { deleted, doubtful }: Known): Promise<void> {
  const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 3 }));
  if (Messages.length === 0) return;
  const bodies = Messages.map(({ Body = '' }) => Body);
  for (const body of bodies) doubtful.add(body);
  const Entries = Messages.map(({ ReceiptHandle }, n) => ({ Id: `${n}`, ReceiptHandle }));
  await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  for (const body of bodies) {
    doubtful.delete(body);
    deleted.add(body);
  }
}

async function drained(endpoint: string): Promise<Set<string>> {
  const { client, QueueUrl } = await queueOf(endpoint);
  const left = new Set<string>();
  for (let empty = 0; empty < 1; ) {
    const WaitTimeSeconds = visibilitySeconds + 1;
    const input = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds, VisibilityTimeout: 60 };
    const { Messages = [] } = await client.send(new ReceiveMessageCommand(input));
    if (Messages.length === 0) empty += 1;
    for (const { Body = '' } of Messages) left.add(Body);
  }
  client.destroy();
  return left;
}

/** Until told to stop; what fails because the server is gone was not acknowledged. */
async function repeat(more: () => boolean, action: (n: number) => Promise<void>): Promise<void> {
  for (let n = 0; more(); n += 1) {
    await action(n).catch(() => new Promise((resolve) => setTimeout(resolve, 20)));
  }
}
