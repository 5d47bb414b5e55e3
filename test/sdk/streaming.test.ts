/** Answers that arrive as they are written, through the official JavaScript SDK (reference: lambda-semantics 2.4). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { InvokeWithResponseStreamCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { createFunction, invoke, lambdaClient } from '../harness/client.ts';
import { zip } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

const fixtures = join(import.meta.dirname, '../fixtures');
const node = zip([{ name: 'stream.js', content: readFileSync(join(fixtures, 'nodejs/stream.js')) }]);
const custom = zip([
  { name: 'bootstrap', content: readFileSync(join(fixtures, 'provided/streams.sh')), mode: 0o100755 },
  { name: 'streams.py', content: readFileSync(join(fixtures, 'provided/streams.py')), mode: 0o100755 },
]);

interface Streamed {
  readonly pieces: string[];
  readonly code?: string;
  readonly details: string;
  readonly tail: string;
}

/** `pause` is awaited after each piece: how slow this reader is. */
async function stream(
  client: LambdaClient,
  name: string,
  payload: unknown = {},
  pause: (bytes: number) => Promise<void> | void = () => {},
): Promise<Streamed> {
  const answer = await client.send(
    new InvokeWithResponseStreamCommand({
      FunctionName: name,
      Payload: Buffer.from(JSON.stringify(payload)),
      LogType: 'Tail',
    }),
  );
  assert.equal(answer.ResponseStreamContentType, 'application/vnd.amazon.eventstream');
  assert.equal(answer.ExecutedVersion, '$LATEST');
  const pieces: string[] = [];
  for await (const event of answer.EventStream ?? []) {
    if (event.PayloadChunk) {
      const bytes = Buffer.from(event.PayloadChunk.Payload ?? []);
      pieces.push(bytes.length > 1000 ? `${bytes.length} bytes` : bytes.toString());
      await pause(bytes.length);
    }
    const end = event.InvokeComplete;
    if (end) {
      const tail = Buffer.from(end.LogResult ?? '', 'base64').toString();
      return { pieces, code: end.ErrorCode, details: end.ErrorDetails ?? '', tail };
    }
  }
  throw new Error(`The stream ended without InvokeComplete after ${pieces.length} pieces`);
}

describe('streamed answers', () => {
  let server: Server;
  let client: LambdaClient;
  before(async () => {
    server = await startServer();
    client = lambdaClient(server.endpoint);
    const handlers = ['ticks', 'bytes', 'fails', 'failsAtOnce', 'hangs', 'exits', 'plain', 'prelude'];
    await Promise.all([
      ...handlers.map((handler) =>
        createFunction(client, { name: handler, zip: node, Handler: `stream.${handler}`, Timeout: 60 }),
      ),
      createFunction(client, { name: 'brief', zip: node, Handler: 'stream.hangs', Timeout: 1 }),
      createFunction(client, { name: 'custom', zip: custom, Handler: 'any', Runtime: 'provided.al2023' }),
    ]);
  });
  after(() => server[Symbol.asyncDispose]());

  test('arrive piece by piece, and the report comes with their end', async () => {
    const { pieces, code, tail } = await stream(client, 'ticks', { count: 3, waitMs: 30 });
    assert.deepEqual(pieces, ['tick 0\n', 'tick 1\n', 'tick 2\n']);
    assert.equal(code, undefined);
    assert.match(tail, /^START RequestId: .*\nEND RequestId: .*\nREPORT RequestId: /);
  });

  test('arrive while the function still runs', async () => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const logs = new CloudWatchLogsClient({ endpoint: server.endpoint, region: 'us-east-1', credentials });
    await assert.rejects(
      stream(client, 'hangs', {}, async () => {
        const find = { logGroupName: '/aws/lambda/hangs', filterPattern: '"REPORT RequestId"' };
        // The group is not there before its first event.
        const ended = await logs.send(new FilterLogEventsCommand(find)).catch(() => ({ events: [] }));
        assert.deepEqual(ended.events, []);
        throw new Error('seen enough');
      }),
      /seen enough/,
    );
    logs.destroy();
  });

  test('of a function that does not stream come in one piece', async () => {
    const { pieces, code } = await stream(client, 'plain', { a: 1 });
    assert.deepEqual([pieces, code], [['{"plain":{"a":1}}'], undefined]);
  });

  test('begin with the prelude of an HTTP response where the function makes one', async () => {
    const { pieces } = await stream(client, 'prelude');
    assert.match(pieces[0] ?? '', /^{"statusCode":201,.*}\0{8}$/);
    assert.equal(pieces[1], 'body');
  });

  const failures: [name: string, pieces: string[], code: string, details: RegExp, tail: RegExp][] = [
    ['fails', ['half of'], 'Unhandled', /^{"errorType":"RangeError"/, /Invoke Error/],
    ['failsAtOnce', [], 'Unhandled', /"broke at once"/, /Invoke Error/],
    ['brief', ['then nothing'], 'Sandbox.Timedout', /Task timed out after 1.00 seconds/, /Status: timeout/],
    ['exits', ['then gone'], 'Runtime.TruncatedResponse', /exit status 7/, /Error Type: Runtime.ExitError/],
  ];
  for (const [name, pieces, code, details, tail] of failures) {
    test(`say at their end what went wrong: ${name}`, async () => {
      const seen = await stream(client, name);
      assert.deepEqual([seen.pieces, seen.code], [pieces, code]);
      assert.match(seen.details, details);
      assert.match(seen.tail, tail);
    });
  }

  test('a hundred megabytes pass, however slowly they are read, in little memory', async () => {
    let bytes = 0;
    let most = 0;
    const megabytes = 100;
    const { code } = await stream(client, 'bytes', { megabytes }, async (length) => {
      bytes += length;
      if (bytes % (8 * 1024 * 1024) < length) {
        await sleep(20);
        most = Math.max(most, residentMegabytes(server.pid));
      }
    });
    assert.deepEqual([bytes, code], [megabytes * 1024 * 1024, undefined]);
    assert.ok(most < 250, `the server took ${most} MB`);
  });

  test('more than 200 MB is too large', async () => {
    let bytes = 0;
    const seen = await stream(client, 'bytes', { megabytes: 201 }, (length) => {
      bytes += length;
    });
    assert.equal(seen.code, 'Function.ResponseSizeTooLarge');
    assert.match(seen.details, /maximum allowed payload size \(209715200 bytes\)/);
    assert.ok(bytes <= 200 * 1024 * 1024);
  });

  test('a caller that goes away leaves the function to its end, and the environment serves the next', async () => {
    const abort = new AbortController();
    const command = new InvokeWithResponseStreamCommand({
      FunctionName: 'bytes',
      Payload: Buffer.from('{"megabytes":30}'),
    });
    const answer = await client.send(command, { abortSignal: abort.signal });
    await assert.rejects(async () => {
      for await (const _event of answer.EventStream ?? []) abort.abort();
      throw new Error('the stream was cut');
    });
    const next = await stream(client, 'bytes', { megabytes: 1 });
    assert.equal(next.code, undefined);
  });

  test('Invoke of a function that streams gives the whole, up to 6 MB', async () => {
    const { payload } = await invoke(client, 'bytes', { megabytes: 0 });
    assert.equal(payload, undefined);
    const large = await invoke(client, 'bytes', { megabytes: 7 });
    assert.match(JSON.stringify(large.payload), /Function.ResponseSizeTooLarge.*6291556 bytes/);
    const failed = await invoke(client, 'fails');
    assert.match(JSON.stringify(failed.payload), /RangeError/);
  });

  test('a runtime of its own streams over the Runtime API', async () => {
    const good = await stream(client, 'custom', { mode: 'good' });
    assert.deepEqual([good.pieces.join(''), good.code], ['one two three', undefined]);
    const bad = await stream(client, 'custom', { mode: 'bad' });
    assert.deepEqual([bad.pieces.join(''), bad.code, bad.details], ['one ', 'Unhandled', '{"errorType":"Broken"}']);
    const gone = await stream(client, 'custom', { mode: 'gone' });
    assert.deepEqual([gone.pieces.join(''), gone.code], ['one ', 'Runtime.TruncatedResponse']);
    assert.equal((await stream(client, 'custom', { mode: 'good' })).code, undefined);
  });

  test('a dry run answers 204, and what cannot be run is an HTTP error', async () => {
    const dry = await client.send(
      new InvokeWithResponseStreamCommand({ FunctionName: 'ticks', InvocationType: 'DryRun' }),
    );
    assert.equal(dry.StatusCode, 204);
    await assert.rejects(client.send(new InvokeWithResponseStreamCommand({ FunctionName: 'nowhere' })), {
      name: 'ResourceNotFoundException',
    });
    const broken = new InvokeWithResponseStreamCommand({ FunctionName: 'ticks', Payload: Buffer.from('{') });
    await assert.rejects(client.send(broken), { name: 'InvalidRequestContentException' });
  });
});

function residentMegabytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
