/** The official JavaScript SDK and boto3 against SQS. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type Server, startServer } from '../harness/server.ts';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const python = ['/usr/bin/python3', 'python3'].find((program) => {
  try {
    execFileSync(program, ['-c', 'import boto3'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

describe('SQS', () => {
  let server: Server;
  let client: SQSClient;
  before(async () => {
    server = await startServer();
    client = new SQSClient({ endpoint: server.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  });
  after(async () => {
    client.destroy();
    await server[Symbol.asyncDispose]();
  });

  test('the SDK sends, receives and deletes, and finds its MD5s right', async () => {
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'js' }));
    assert.equal(QueueUrl, `${server.endpoint}/000000000000/js`);
    const Entries = Array.from({ length: 10 }, (_, n) => ({
      Id: `${n}`,
      MessageBody: `body ${n} é`,
      MessageAttributes: { n: { DataType: 'Number', StringValue: `${n}` } },
    }));
    const sent = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    assert.equal(sent.Successful?.length, 10);
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    );
    assert.deepEqual(
      Messages.map(({ Body, MessageAttributes }) => [Body, MessageAttributes?.n?.StringValue]),
      Entries.map(({ MessageBody }, n) => [MessageBody, `${n}`]),
    );
    const deleted = await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: Messages.map(({ ReceiptHandle }, n) => ({ Id: `${n}`, ReceiptHandle })),
      }),
    );
    assert.equal(deleted.Successful?.length, 10);
  });

  test('an error has the names that clients of both protocols know', async () => {
    await assert.rejects(client.send(new GetQueueUrlCommand({ QueueName: 'absent' })), (error: Error) => {
      assert.ok(/NonExistentQueue|QueueDoesNotExist/.test(error.name), error.name);
      return error.message === 'The specified queue does not exist.';
    });
  });

  test('a long poll over HTTP wakes at a send, and a caller that went away takes nothing', async () => {
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'poll' }));
    const poll = (signal?: AbortSignal) =>
      client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), { abortSignal: signal });
    const gone = new AbortController();
    const left = poll(gone.signal);
    setTimeout(() => gone.abort(), 300);
    await assert.rejects(left);
    const waiting = poll();
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'woken' }));
    assert.equal((await waiting).Messages?.[0]?.Body, 'woken');
  });

  test('the old query protocol, unsigned and at the address of the queue itself', async () => {
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'query' }));
    const form = async (body: string) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      return (await fetch(QueueUrl ?? '', { method: 'POST', headers, body })).text();
    };
    assert.match(
      await form('Action=SendMessage&MessageBody=a%26b&Version=2012-11-05'),
      /<MD5OfMessageBody>[0-9a-f]{32}</,
    );
    assert.match(await form('Action=ReceiveMessage&Version=2012-11-05'), /<Body>a&amp;b<\/Body>/);
    assert.match(await form('Action=DeleteMessage&Version=2012-11-05'), /<Code>MissingParameter<\/Code>/);
  });

  test('boto3 works unchanged', {
    skip: python === undefined ? 'boto3 is not installed (Debian package python3-boto3)' : false,
  }, async () => {
    const script = join(import.meta.dirname, 'sqs_test.py');
    const { stdout } = await promisify(execFile)(python ?? '', [script, server.endpoint], { timeout: 60_000 });
    assert.match(stdout, /found everything as it expects it/);
  });

  test('the AWS CLI works unchanged', { skip: cliMissing() }, async () => {
    const env = { PATH: '/usr/bin:/bin', HOME: '/nonexistent', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
    const aws = async (...args: string[]) => {
      const all = ['--endpoint-url', server.endpoint, '--region', 'us-east-1', '--output', 'json', 'sqs', ...args];
      const { stdout } = await promisify(execFile)('/usr/bin/aws', all, { env: { ...env, AWS_PAGER: '' } });
      return stdout === '' ? {} : JSON.parse(stdout);
    };
    const fifo = ['--attributes', 'FifoQueue=true,ContentBasedDeduplication=true'];
    const { QueueUrl } = await aws('create-queue', '--queue-name', 'cli.fifo', ...fifo);
    const to = ['--queue-url', QueueUrl];
    const sent = await aws('send-message', ...to, '--message-body', 'from the CLI', '--message-group-id', 'g');
    assert.match(sent.SequenceNumber, /^\d{20}$/);
    const { Messages } = await aws('receive-message', ...to, '--attribute-names', 'All');
    assert.deepEqual([Messages[0].Body, Messages[0].Attributes.MessageGroupId], ['from the CLI', 'g']);
    await aws('delete-message', ...to, '--receipt-handle', Messages[0].ReceiptHandle);
  });
});

function cliMissing(): string | false {
  try {
    execFileSync('/usr/bin/aws', ['--version'], { stdio: 'ignore' });
    return false;
  } catch {
    return '/usr/bin/aws is not installed (Debian package awscli)';
  }
}
