/** Queues that invoke functions, through the official JavaScript SDK: what arrives, what comes again, what kill -9 costs. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  type LambdaClient,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { createFunction, lambdaClient } from '../harness/client.ts';
import { nodePackage } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

const options = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
/** Says what it got; messages that say `fail` fail, by what the name of the function says. */
const said = nodePackage(`
exports.handler = async (event, context) => {
  console.log('GOT ' + JSON.stringify(event));
  const failed = event.Records.filter(({ body }) => body.startsWith('fail'));
  if (context.functionName.startsWith('partial')) {
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  }
  if (failed.length > 0) throw new Error('as asked');
};`);

let server: Server;
let lambda: LambdaClient;
let sqs: SQSClient;

before(async () => {
  server = await startServer();
  connect();
  await Promise.all(['all', 'partial', 'fifo'].map((name) => createFunction(lambda, { name, zip: said })));
});

after(() => server[Symbol.asyncDispose]());

function connect(): void {
  lambda = lambdaClient(server.endpoint);
  sqs = new SQSClient({ ...options, endpoint: server.endpoint });
}

async function queue(name: string, Attributes: Record<string, string> = {}) {
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { VisibilityTimeout: '3', ...Attributes } }),
  );
  return { url: QueueUrl ?? '', arn: `arn:aws:sqs:us-east-1:000000000000:${name}` };
}

async function map(input: CreateEventSourceMappingCommandInput): Promise<string> {
  const { UUID = '' } = await lambda.send(new CreateEventSourceMappingCommand(input));
  await inState(UUID, 'Enabled');
  return UUID;
}

const get = (UUID: string) => lambda.send(new GetEventSourceMappingCommand({ UUID }));

async function inState(UUID: string, state: string): Promise<void> {
  await eventually(async () => (await get(UUID)).State === state, `state ${state}`);
}

const send = (input: SendMessageCommandInput) => sqs.send(new SendMessageCommand(input));

interface Got {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Record<string, string>;
}

/** The batches that a function has got so far, in the order of its log. */
async function batches(name: string): Promise<Got[][]> {
  const logs = new CloudWatchLogsClient({ ...options, endpoint: server.endpoint });
  const command = new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}`, filterPattern: 'GOT' });
  const { events = [] } = await logs.send(command).catch(() => ({ events: [] }));
  return events.map(({ message = '' }) => JSON.parse(message.slice(message.indexOf('GOT ') + 4)).Records);
}

const bodies = async (name: string) => (await batches(name)).flat().map(({ body }) => body);

async function left(url: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }));
  return Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible);
}

async function eventually(holds: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await holds())) {
    assert.ok(performance.now() < deadline, `within twenty seconds: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('a message arrives as AWS sends it, and is gone once the function has taken it', async () => {
  const { url, arn } = await queue('plain');
  const UUID = await map({ FunctionName: 'all', EventSourceArn: arn });
  const MessageAttributes = {
    kind: { DataType: 'String', StringValue: 'letter' },
    blob: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255]) },
  };
  const { MessageId, MD5OfMessageBody, MD5OfMessageAttributes } = await send({
    QueueUrl: url,
    MessageBody: 'hello "you"',
    MessageAttributes,
  });
  await eventually(async () => (await left(url)) === 0, 'an empty queue');
  const [record] = (await batches('all')).flat();
  const { receiptHandle, attributes, ...rest } = { receiptHandle: '', ...record, attributes: record?.attributes ?? {} };
  assert.match(receiptHandle, /./);
  assert.deepEqual(rest, {
    messageId: MessageId,
    body: 'hello "you"',
    messageAttributes: {
      kind: { stringValue: 'letter', stringListValues: [], binaryListValues: [], dataType: 'String' },
      blob: { binaryValue: 'AP8=', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
    },
    md5OfBody: MD5OfMessageBody,
    md5OfMessageAttributes: MD5OfMessageAttributes,
    eventSource: 'aws:sqs',
    eventSourceARN: arn,
    awsRegion: 'us-east-1',
  });
  assert.deepEqual(Object.keys(attributes).sort(), [
    'ApproximateFirstReceiveTimestamp',
    'ApproximateReceiveCount',
    'SenderId',
    'SentTimestamp',
  ]);
  await lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
  await eventually(
    () =>
      get(UUID).then(
        () => false,
        ({ name }) => name === 'ResourceNotFoundException',
      ),
    'no mapping',
  );
});

test('what fails comes again until the queue sends it to its dead letters; the rest is gone at once', async () => {
  const dead = await queue('dead');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 });
  const { url, arn } = await queue('redriven', { VisibilityTimeout: '3', RedrivePolicy });
  const FunctionResponseTypes = ['ReportBatchItemFailures' as const];
  const UUID = await map({ FunctionName: 'partial', EventSourceArn: arn, FunctionResponseTypes });
  const Entries = ['a', 'fail', 'b'].map((MessageBody, Id) => ({ Id: String(Id), MessageBody }));
  await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
  await eventually(async () => (await left(dead.url)) === 1, 'a dead letter');
  assert.deepEqual((await bodies('partial')).sort(), ['a', 'b', 'fail', 'fail']);
  assert.equal(await left(url), 0);
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
  await inState(UUID, 'Disabled');
  await send({ QueueUrl: url, MessageBody: 'later' });
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.ok(!(await bodies('partial')).includes('later'));
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
  await eventually(async () => (await bodies('partial')).includes('later'), 'what came while it was disabled');
});

test('groups of a FIFO queue keep their order, and filters delete what they do not want', async () => {
  const { url, arn } = await queue('line.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  const Pattern = JSON.stringify({ body: [{ 'anything-but': { prefix: 'noise' } }] });
  await map({ FunctionName: 'fifo', EventSourceArn: arn, BatchSize: 3, FilterCriteria: { Filters: [{ Pattern }] } });
  for (let n = 0; n < 12; n += 1) {
    for (const MessageGroupId of ['x', 'y']) {
      await send({
        QueueUrl: url,
        MessageBody: `${n % 4 === 3 ? 'noise' : MessageGroupId}-${n}-${MessageGroupId}`,
        MessageGroupId,
      });
    }
  }
  await eventually(async () => (await left(url)) === 0, 'an empty queue');
  const got = (await batches('fifo')).flat();
  for (const group of ['x', 'y']) {
    const numbers = got
      .filter(({ attributes }) => attributes.MessageGroupId === group)
      .map(({ body }) => Number(body.split('-')[1]));
    assert.deepEqual(numbers, [0, 1, 2, 4, 5, 6, 8, 9, 10]);
  }
});

test('what is wrong with a queue is said when it is mapped', async () => {
  const map = (EventSourceArn: string) =>
    lambda.send(new CreateEventSourceMappingCommand({ FunctionName: 'all', EventSourceArn }));
  await assert.rejects(map('arn:aws:sqs:us-east-1:000000000000:nobody'), {
    name: 'InvalidParameterValueException',
    message:
      'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.',
  });
  const { arn } = await queue('hasty', { VisibilityTimeout: '2' });
  await assert.rejects(map(arn), {
    name: 'InvalidParameterValueException',
    message: 'Queue visibility timeout: 2 seconds is less than Function timeout: 3 seconds',
  });
});

test('a mapping goes on after kill -9, and nothing that was sent is lost', async () => {
  const { url, arn } = await queue('durable');
  const UUID = await map({
    FunctionName: 'all',
    EventSourceArn: arn,
    MaximumBatchingWindowInSeconds: 1,
    BatchSize: 50,
  });
  const all = Array.from({ length: 30 }, (_, n) => `d${n}`);
  const { dataDir } = server;
  await Promise.all(all.map((MessageBody) => send({ QueueUrl: url, MessageBody })));
  await server.kill9();
  const killed = server;
  server = await startServer({ dataDir });
  connect();
  try {
    await eventually(async () => (await left(url)) === 0, 'an empty queue');
    const got = new Set(await bodies('all'));
    assert.deepEqual(
      all.filter((body) => !got.has(body)),
      [],
    );
    assert.equal((await get(UUID)).State, 'Enabled');
  } finally {
    await server.stop();
    server = killed;
  }
});
