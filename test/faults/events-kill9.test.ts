/**
 * `kill -9` while objects and messages stream in and functions work them off. Whoever was told that an object or a message is
 * there finds it processed, at least once; groups of a FIFO queue in their order. LAMBENT_EVENTS makes it shorter or longer,
 * LAMBENT_SEED has it killed at other moments.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import {
  AddPermissionCommand,
  CreateEventSourceMappingCommand,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutBucketNotificationConfigurationCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createFunction, lambdaClient } from '../harness/client.ts';
import { dice } from '../harness/dice.ts';
import { nodePackage } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

const countMax = Number(process.env.LAMBENT_EVENTS ?? 10_000);
const orderedMax = countMax / 5;
const seed = Number(process.env.LAMBENT_SEED ?? 20_270_301);
const groups = 10;
const perBatch = 10;
/** So much of its work a load may be ahead of the slowest: a kill meets all of them. */
const aheadMax = 0.05;
/** Functions are slower than what comes in, so that a kill also meets much that waits. */
const placesOfFunction = 2;
const workedOffMsMax = countMax * 20 + 60_000;
/** On a machine that is busy with other things there is less of everything: what was sent until then has to do. */
const sendingMsMax = countMax * 4;
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
/** The clock is the machine's: it tells the order across environments and servers. */
const saw = nodePackage(`
  exports.handler = async ({ Records }) => {
    for (const { s3, body } of Records) console.log('saw', s3?.object.key ?? body, String(process.hrtime.bigint()));
  };`);

interface Line {
  readonly endpoint: string;
  readonly agent: Agent;
}

/** What goes in at one place. Pieces of a lane follow each other: the next is sent when the last is acknowledged. */
interface Load {
  readonly functionName: string;
  readonly lanes: readonly Lane[];
  send(line: Line, lane: Lane, names: readonly string[]): Promise<unknown>;
}

interface Lane {
  readonly name: string;
  readonly pieces: readonly (readonly string[])[];
  acknowledged: number;
}

test(`of ${countMax} objects, ${countMax} messages and ${orderedMax} in order none is lost to kill -9`, async (t) => {
  t.diagnostic(`LAMBENT_SEED=${seed}`);
  const roll = dice(seed);
  const dataDir = mkdtempSync(join(tmpdir(), 'lambent-events-kill9-'));
  const loads = [objects(), messages(), inOrder()];
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 1000);
  const late = () => performance.now() > startedAt + sendingMsMax;
  try {
    for (const share of [0.1 + 0.3 * roll(), 0.5 + 0.4 * roll()]) {
      await using server = await startServer({ dataDir });
      if (sentOf(loads) === 0) await prepare(server);
      await sendUntilKilled(server, loads, { share, latest: startedAt + share * sendingMsMax, afterMs: 50 * roll() });
      assert.ok(left(dataDir) > 0, 'the server was killed when nothing was left to do');
      t.diagnostic(`killed at ${loads.map((load) => shareOf(load).toFixed(2))}, ${left(dataDir)} left`);
    }
    await using server = await startServer({ dataDir });
    await sending(server, loads, late);
    t.diagnostic(`sent ${loads.map((load) => shareOf(load).toFixed(2))} in ${seconds()} s, ${left(dataDir)} left`);
    await workedOff(dataDir);
    t.diagnostic(`worked off in ${seconds()} s`);
    for (const load of loads) await allProcessed(server, load);
    assert.equal(await server.stop(), 0);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

function objects(): Load {
  return {
    functionName: 'objects',
    lanes: lanesOf('object', { names: countMax, lanes: 16, perPiece: 1 }),
    send: (line, _, [name]) => sent(line, { method: 'PUT', path: `/bucket/${name}`, body: 'x' }),
  };
}

function messages(): Load {
  return {
    functionName: 'messages',
    lanes: lanesOf('message', { names: countMax, lanes: 8, perPiece: perBatch }),
    send: (line, _, names) => sentBatch(line, 'q', names.map(entryOf)),
  };
}

/** Whoever sends a batch again does not send its messages twice. */
function inOrder(): Load {
  return {
    functionName: 'ordered',
    lanes: lanesOf('ordered', { names: orderedMax, lanes: groups, perPiece: perBatch }),
    send: (line, { name: MessageGroupId }, names) =>
      sentBatch(
        line,
        'q.fifo',
        names.map((name, n) => ({ ...entryOf(name, n), MessageGroupId, MessageDeduplicationId: name })),
      ),
  };
}

function entryOf(MessageBody: string, n: number) {
  return { Id: String(n), MessageBody };
}

interface Size {
  readonly names: number;
  readonly lanes: number;
  readonly perPiece: number;
}

function lanesOf(kind: string, { names, lanes, perPiece }: Size): Lane[] {
  return Array.from({ length: lanes }, (_, lane) => {
    const name = `${kind}-${lane}`;
    const pieces = Array.from({ length: Math.ceil(names / lanes / perPiece) }, (_, piece) =>
      Array.from({ length: perPiece }, (_, n) => `${name}-${piece * perPiece + n}`),
    );
    return { name, pieces, acknowledged: 0 };
  });
}

async function prepare({ endpoint }: Server): Promise<void> {
  const options = { endpoint, region: 'us-east-1', credentials };
  const [lambda, s3, sqs] = [lambdaClient(endpoint), new S3Client(options), new SQSClient(options)];
  for (const name of ['objects', 'messages', 'ordered']) {
    await createFunction(lambda, { name, zip: saw });
    const places = { FunctionName: name, ReservedConcurrentExecutions: placesOfFunction };
    await lambda.send(new PutFunctionConcurrencyCommand(places));
  }
  const permission = { StatementId: 's3', Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com' };
  await lambda.send(new AddPermissionCommand({ FunctionName: 'objects', ...permission }));
  const LambdaFunctionArn = 'arn:aws:lambda:us-east-1:000000000000:function:objects';
  const LambdaFunctionConfigurations = [{ LambdaFunctionArn, Events: ['s3:ObjectCreated:*' as const] }];
  await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }));
  const NotificationConfiguration = { LambdaFunctionConfigurations };
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: 'bucket', NotificationConfiguration }));
  // What a killed server's functions had is to be seen again soon.
  const Attributes = { VisibilityTimeout: '3' };
  await sqs.send(new CreateQueueCommand({ QueueName: 'q', Attributes }));
  await sqs.send(new CreateQueueCommand({ QueueName: 'q.fifo', Attributes: { ...Attributes, FifoQueue: 'true' } }));
  for (const [FunctionName, name] of [
    ['messages', 'q'],
    ['ordered', 'q.fifo'],
  ]) {
    const EventSourceArn = `arn:aws:sqs:us-east-1:000000000000:${name}`;
    const ScalingConfig = { MaximumConcurrency: placesOfFunction };
    await lambda.send(new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn, ScalingConfig }));
  }
}

interface Moment {
  /** Of the load that is the furthest behind. */
  readonly share: number;
  /** Whatever was sent by then. */
  readonly latest: number;
  readonly afterMs: number;
}

async function sendUntilKilled(
  server: Server,
  loads: readonly Load[],
  { share, latest, afterMs }: Moment,
): Promise<void> {
  let [killed, failed] = [false, false];
  const sends = sending(server, loads, () => killed).catch((error) => {
    failed = true;
    throw error;
  });
  const killing = async () => {
    while (behind(loads) < share && performance.now() < latest && !failed) await sleep(1);
    await sleep(afterMs);
    killed = true;
    await server.kill9();
  };
  await Promise.all([sends, killing()]);
}

/** Until all is acknowledged, or the server is gone: what was under way is sent to the next one. */
async function sending({ endpoint }: Server, loads: readonly Load[], gone: () => boolean): Promise<void> {
  const line = { endpoint, agent: new Agent({ keepAlive: true }) };
  const lane = async (load: Load, lane: Lane) => {
    for (;;) {
      const piece = lane.pieces[lane.acknowledged];
      if (piece === undefined || gone()) return;
      const done = await load.send(line, lane, piece).then(
        () => true,
        (error) => {
          if (!gone() || error instanceof assert.AssertionError) throw error;
        },
      );
      if (done === undefined) return;
      lane.acknowledged += 1;
      while (shareOf(load) > behind(loads) + aheadMax && !gone()) await sleep(2);
    }
  };
  await Promise.all(loads.flatMap((load) => load.lanes.map((one) => lane(load, one))));
  line.agent.destroy();
}

function sentOf(loads: readonly Load[]): number {
  return loads.flatMap(({ lanes }) => lanes).reduce((sum, { acknowledged }) => sum + acknowledged, 0);
}

function shareOf({ lanes }: Load): number {
  const pieces = lanes.reduce((sum, lane) => sum + lane.pieces.length, 0);
  return lanes.reduce((sum, { acknowledged }) => sum + acknowledged, 0) / pieces;
}

function behind(loads: readonly Load[]): number {
  return Math.min(...loads.map(shareOf));
}

async function sentBatch(line: Line, queue: string, Entries: readonly object[]): Promise<void> {
  const body = JSON.stringify({ QueueUrl: `${line.endpoint}/000000000000/${queue}`, Entries });
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessageBatch' };
  const answer = await sent(line, { method: 'POST', path: '/', headers, body });
  assert.equal(JSON.parse(answer).Successful.length, Entries.length, answer);
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Acknowledged when it resolves. An SDK would take most of the time, and loopback asks for no signature. */
function sent({ endpoint, agent }: Line, { method, path, headers = {}, body }: Sent): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(`${endpoint}${path}`, { method, agent, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      answer.on('error', reject);
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(text);
        else reject(new assert.AssertionError({ message: `${method} ${path}: ${answer.statusCode} ${text}` }));
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

async function workedOff(dataDir: string): Promise<void> {
  const giveUpAt = performance.now() + workedOffMsMax;
  for (let waiting = left(dataDir); waiting > 0; waiting = left(dataDir)) {
    assert.ok(performance.now() < giveUpAt, `${waiting} events and messages are never worked off`);
    await sleep(200);
  }
}

/** Events and messages on the disk. */
function left(dataDir: string): number {
  const database = new DatabaseSync(join(dataDir, 'lambent.db'), { readOnly: true });
  try {
    const count = '(SELECT count(*) FROM async_event) + (SELECT count(*) FROM sqs_message) AS count';
    return Number(database.prepare(`SELECT ${count}`).get()?.count);
  } finally {
    database.close();
  }
}

/** Each name at least once; and where order was promised, for the first time in the order of sending. */
async function allProcessed(server: Server, { functionName, lanes }: Load): Promise<void> {
  const seen = await firstSeen(server, functionName);
  for (const { name, pieces, acknowledged } of lanes) {
    const names = pieces.slice(0, acknowledged).flat();
    const lost = names.filter((one) => !seen.has(one));
    assert.deepEqual(lost, [], `acknowledged by ${name}, and never processed`);
    if (functionName !== 'ordered') continue;
    const inOrderOfProcessing = names.toSorted((one, other) => (seen.get(one) ?? 0) - (seen.get(other) ?? 0));
    assert.deepEqual(inOrderOfProcessing, names, `${name} is not processed in its order`);
  }
}

/** By name: when a function saw it first. */
async function firstSeen({ endpoint }: Server, functionName: string): Promise<Map<string, number>> {
  const client = new CloudWatchLogsClient({ endpoint, region: 'us-east-1', credentials });
  const seen = new Map<string, number>();
  const query = { logGroupName: `/aws/lambda/${functionName}`, filterPattern: 'saw' };
  for await (const page of paginateFilterLogEvents({ client }, query)) {
    for (const { message = '' } of page.events ?? []) {
      const [, name = '', nanoseconds] = /saw (\S+) (\d+)/.exec(message) ?? [];
      const at = Number(nanoseconds);
      seen.set(name, Math.min(at, seen.get(name) ?? at));
    }
  }
  return seen;
}
