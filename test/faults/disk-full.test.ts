/** A disk that runs full under a working server: what is refused is refused clearly, what was accepted is not lost. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudWatchLogsClient,
  paginateFilterLogEvents,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  InvokeCommand,
  type LambdaClient,
  PutFunctionConcurrencyCommand,
  ServiceException,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createFunction, invoke, lambdaClient } from '../harness/client.ts';
import { nodePackage } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

const diskMegabytes = 96;
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const workedOffMsMax = 60_000;
const saw = nodePackage(`
  exports.handler = async ({ n, ms = 0 }) => {
    await new Promise((done) => setTimeout(done, ms));
    console.log('saw', n);
    return n;
  };`);

/** A file system of its own that holds so little; gone with whoever used it. */
class SmallDisk implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'lambent-small-'));
  readonly #ballast = join(this.folder, 'ballast');

  constructor() {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskMegabytes}m`, 'tmpfs', this.folder]);
  }

  fill(): void {
    const file = openSync(this.#ballast, 'a');
    try {
      for (const bytes of [1024 * 1024, 4096, 1]) this.#writeAll(file, Buffer.alloc(bytes));
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(this.#ballast, { force: true });
  }

  #writeAll(file: number, piece: Buffer): void {
    try {
      while (writeSync(file, piece) === piece.length);
    } catch (error) {
      assert.match(String(error), /ENOSPC/);
    }
  }

  [Symbol.dispose](): void {
    execFileSync('umount', ['-l', this.folder]);
    rmSync(this.folder, { recursive: true });
  }
}

function clientsOf({ endpoint }: Server) {
  const options = { endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
  return {
    lambda: lambdaClient(endpoint),
    s3: new S3Client({ ...options, forcePathStyle: true }),
    sqs: new SQSClient(options),
    logs: new CloudWatchLogsClient(options),
  };
}

const skip = process.getuid?.() !== 0 && 'mounting a small disk needs root';

test('on a full disk nothing is acknowledged that is not kept, and with room again all goes on', { skip }, async () => {
  using disk = new SmallDisk();
  await using server = await startServer({ dataDir: join(disk.folder, 'data') });
  const { lambda, s3, sqs, logs } = clientsOf(server);
  for (const name of ['saw', 'beside']) await createFunction(lambda, { name, zip: saw });
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: 'saw', ReservedConcurrentExecutions: 2 }));
  await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
  const accepted = new Set<number>();
  for (let n = 0; n < 40; n += 1) await accept(lambda, accepted, n);

  disk.fill();
  const payload = 'x'.repeat(200_000);
  let refused: unknown;
  for (let n = 100; n < 400 && refused === undefined; n += 1) {
    refused = await accept(lambda, accepted, n, payload).then(
      () => undefined,
      (error: unknown) => error,
    );
  }
  assert.ok(refused instanceof ServiceException && refused.$metadata.httpStatusCode === 500, String(refused));
  const Body = Buffer.alloc(2_000_000);
  await assert.rejects(s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'k', Body })), isServerError);
  const message = new SendMessageCommand({ QueueUrl, MessageBody: payload });
  await assert.rejects(sqs.send(message), isServerError);
  await assert.rejects(createFunction(lambda, { name: 'other', zip: saw, Publish: true }), isServerError);
  // Who runs a function gets its answer, disk or not.
  assert.equal((await invoke(lambda, 'beside', { n: 1 })).payload, 1);

  disk.free();
  await accept(lambda, accepted, 2000);
  await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'k', Body }));
  const { Body: stored } = await s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'k' }));
  assert.equal((await stored?.transformToByteArray())?.length, Body.length);
  await sqs.send(message);
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  assert.equal(Messages.length, 1);
  await createFunction(lambda, { name: 'other', zip: saw });
  await allSeen(logs, accepted);
  await noneLeft(server);
  assert.equal(await server.stop(), 0);
});

test('a server that is killed on a full disk has what it accepted when there is room again', { skip }, async () => {
  using disk = new SmallDisk();
  const dataDir = join(disk.folder, 'data');
  const accepted = new Set<number>();
  {
    await using server = await startServer({ dataDir });
    const { lambda } = clientsOf(server);
    await createFunction(lambda, { name: 'saw', zip: saw, Timeout: 60 });
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: 'saw', ReservedConcurrentExecutions: 1 }));
    for (let n = 0; n < 20; n += 1) await accept(lambda, accepted, n, '', 200);
    disk.fill();
    await accept(lambda, accepted, 1_000, 'x'.repeat(500_000)).catch(() => {});
    await server.kill9();
  }
  disk.free();
  await using server = await startServer({ dataDir });
  await allSeen(clientsOf(server).logs, accepted);
  await noneLeft(server);
  assert.equal(await server.stop(), 0);
});

async function accept(lambda: LambdaClient, accepted: Set<number>, n: number, padding = '', ms = 10): Promise<void> {
  const Payload = Buffer.from(JSON.stringify({ n, ms, padding }));
  const command = new InvokeCommand({ FunctionName: 'saw', InvocationType: 'Event', Payload });
  const { StatusCode } = await lambda.send(command);
  assert.equal(StatusCode, 202);
  accepted.add(n);
}

function isServerError(error: unknown): boolean {
  assert.match(JSON.stringify(error), /"httpStatusCode":500/);
  assert.doesNotMatch(String(error), /SQLITE|ENOSPC|\/data/);
  return true;
}

/** Each of them at least once, before it has taken too long. */
async function allSeen(logs: CloudWatchLogsClient, accepted: ReadonlySet<number>): Promise<void> {
  const last = performance.now() + workedOffMsMax;
  for (;;) {
    const seen = await seenIn(logs);
    const lost = [...accepted].filter((n) => !seen.has(n));
    if (lost.length === 0) return;
    assert.ok(performance.now() < last, `accepted, and never seen: ${lost}`);
    await sleep(200);
  }
}

/** Events that are kept: what has run is forgotten, also where the disk had no room for that at the time. */
async function noneLeft({ dataDir }: Server): Promise<void> {
  const last = performance.now() + workedOffMsMax;
  using database = new DatabaseSync(join(dataDir, 'lambent.db'), { readOnly: true });
  const count = database.prepare('SELECT count(*) AS count FROM async_event');
  while (Number(count.get()?.count) > 0) {
    assert.ok(performance.now() < last, `${count.get()?.count} events are never done with`);
    await sleep(100);
  }
}

async function seenIn(client: CloudWatchLogsClient): Promise<Set<number>> {
  const seen = new Set<number>();
  const query = { logGroupName: '/aws/lambda/saw', filterPattern: 'saw' };
  try {
    for await (const { events = [] } of paginateFilterLogEvents({ client }, query)) {
      for (const { message } of events) seen.add(Number(/saw (\d+)/.exec(message ?? '')?.[1]));
    }
  } catch (error) {
    // There is no group before its first event.
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
  return seen;
}
