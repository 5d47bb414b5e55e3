/** Functions that do their worst: the caller is told what happened, the next event is served, and nothing stays behind. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteFunctionCommand, InvokeWithResponseStreamCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { belongingsOf, processesWith, serverNumber } from '../harness/belongings.ts';
import { createFunction, invoke, lambdaClient } from '../harness/client.ts';
import { zip } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

const fixture = (path: string) => readFileSync(join(import.meta.dirname, '../fixtures', path));
const node = zip([{ name: 'hostile.js', content: fixture('nodejs/hostile.js') }]);
const custom = zip([
  { name: 'bootstrap', content: '#!/bin/sh\nexec python3 "$LAMBDA_TASK_ROOT/rude.py"\n', mode: 0o100755 },
  { name: 'rude.py', content: fixture('provided/rude.py') },
]);
const goneWaitMsMax = 30_000;
/** What it takes for a flood of output: bounded, however long that lasts. */
const serverMegabytesMax = 900;
/** Among the variables of every process that the functions of this run have. */
const marker = `HOSTILE_${process.pid}`;

interface Case {
  readonly what: string;
  /** Of the answer or of the error. */
  readonly body: RegExp;
  readonly more?: object;
}

const deeds: readonly Case[] = [
  { what: 'is killed', body: /Runtime\.ExitError.*Runtime exited with error: signal: killed/ },
  { what: 'exits with 0', body: /Runtime\.ExitError.*Runtime exited without providing a reason/ },
  { what: 'speaks after its answer', body: /^"answered"$/ },
  { what: 'forks without end', body: /Sandbox\.Timedout|Runtime\.(OutOfMemory|ExitError)/ },
  { what: 'leaves processes behind', body: /Runtime exited with error: exit status 1/ },
  { what: 'takes all memory', body: /Runtime\.OutOfMemory.*signal: killed/ },
  { what: 'opens files without end', body: /^"EMFILE after less than 1,024: true"$/ },
  { what: 'closes its output', body: /^"answered"$/ },
  { what: 'closes all it has', body: /Runtime\.ExitError|Sandbox\.Timedout/ },
  { what: 'fills /tmp', body: /^"ENOSPC"$/ },
  { what: 'floods its output', more: { megabytes: 150 }, body: /^"answered"$/ },
  { what: 'writes one line without end', more: { megabytes: 40 }, body: /^"answered"$/ },
  { what: 'writes rubbish into every pipe', body: /Runtime\.ExitError|Sandbox\.Timedout/ },
];

const rudeness: readonly Case[] = [
  { what: 'answers for another', body: /^\[400,"InvalidRequestID"\]$/ },
  { what: 'fails for another', body: /^\[400,"InvalidRequestID"\]$/ },
  { what: 'asks for more', body: /^\[403,"InvalidStateTransition"\]$/ },
  { what: 'reports an init error', body: /^\[403,"InvalidStateTransition"\]$/ },
  { what: 'answers in a mode of its own', body: /^\[400,"InvalidFunctionResponseMode"\]$/ },
  { what: 'calls what there is not', body: /^\[404,/ },
  { what: 'breaks off', body: /^"HTTP\/1.1 400 / },
  { what: 'speaks no HTTP', body: /^"HTTP\/1.1 400 / },
  { what: 'sends a header without end', body: /^"(HTTP\/1.1 431 |cut off)/ },
  { what: 'holds many connections', body: /^200$/ },
  { what: 'answers too much', body: /Function\.ResponseSizeTooLarge/ },
  { what: 'answers twice', body: /^"fine"$/ },
  { what: 'fails without words', body: /^"no error at all"$/ },
];

describe('hostile functions', { skip: process.getuid?.() !== 0 && 'the namespace sandbox needs root' }, () => {
  let server: Server;
  let client: LambdaClient;
  let number: string;
  const names: string[] = [];

  before(async () => {
    server = await startServer({ flags: ['--sandbox', 'namespace'] });
    client = lambdaClient(server.endpoint);
    number = serverNumber(server.pid) ?? '';
    assert.match(number, /^\d+$/);
  });
  after(() => server[Symbol.asyncDispose]());

  async function made(what: string, more: object): Promise<string> {
    const name = what.replaceAll(/\W/g, '-');
    names.push(name);
    const Environment = { Variables: { MARKER: marker } };
    await createFunction(client, { name, zip: node, Timeout: 5, MemorySize: 256, Environment, ...more });
    return name;
  }

  for (const { what, body, more } of deeds) {
    test(`a function that ${what}`, async () => {
      const name = await made(what, { Handler: 'hostile.handler', Timeout: what === 'forks without end' ? 2 : 20 });
      for (let round = 0; round < 2; round += 1) {
        const { payload } = await invoke(client, name, { what, ...more });
        assert.match(JSON.stringify(payload), body);
        assert.equal((await invoke(client, name, { what: 'nothing' })).payload, 'fine');
      }
      assert.ok(
        residentMegabytes(server.pid) < serverMegabytesMax,
        `the server took ${residentMegabytes(server.pid)} MB`,
      );
    });
  }

  test('a function that dies after its answer', async () => {
    const what = 'dies after its answer';
    const name = await made(what, { Handler: 'hostile.handler' });
    assert.equal((await invoke(client, name, { what })).payload, 'answered');
    // Whether it dies before or with its next event is a matter of chance.
    const { payload } = await invoke(client, name, { what: 'nothing' });
    assert.match(JSON.stringify(payload), /^"fine"$|Runtime\.ExitError.*signal: killed/);
    assert.equal((await invoke(client, name, { what: 'nothing' })).payload, 'fine');
  });

  for (const [what, code] of [
    ['is killed', 'Runtime.TruncatedResponse'],
    ['exits with 0', 'Runtime.TruncatedResponse'],
    ['takes all memory', 'Runtime.TruncatedResponse'],
    ['floods its output', undefined],
  ] as const) {
    test(`a function that ${what} in the middle of its streamed answer`, async () => {
      const name = await made(`streams and ${what}`, { Handler: 'hostile.stream' });
      assert.deepEqual(await streamed(client, name, { what, megabytes: 1 }), { text: 'half', code });
      assert.deepEqual(await streamed(client, name, { what: 'nothing' }), { text: 'half', code: undefined });
    });
  }

  test('a runtime that misuses its API', async (t) => {
    const name = await made('is rude', { zip: custom, Runtime: 'provided.al2023', Handler: 'any' });
    for (const { what, body } of rudeness) {
      await t.test(`and ${what}`, async () => {
        assert.match(JSON.stringify((await invoke(client, name, { what })).payload), body);
        assert.equal((await invoke(client, name, { what: 'nothing' })).payload, 'fine');
      });
    }
  });

  test('leave nothing behind', async () => {
    assert.ok(processesWith(marker).length > 0 && belongingsOf(number).length > 0, 'there is something to see');
    for (const FunctionName of names) await client.send(new DeleteFunctionCommand({ FunctionName }));
    await until(() => processesWith(marker));
    assert.equal(await server.stop(), 0);
    await until(() => belongingsOf(number));
    assert.doesNotMatch(server.log(), /unexpected|uncaught/i);
  });
});

/** Until there are none, or it has taken too long. */
async function until(left: () => readonly unknown[]): Promise<void> {
  const last = performance.now() + goneWaitMsMax;
  while (left().length > 0 && performance.now() < last) await sleep(50);
  assert.deepEqual(left(), []);
}

async function streamed(client: LambdaClient, FunctionName: string, event: object) {
  const command = new InvokeWithResponseStreamCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(event)) });
  const { EventStream = [] } = await client.send(command);
  let text = '';
  for await (const { PayloadChunk, InvokeComplete } of EventStream) {
    text += Buffer.from(PayloadChunk?.Payload ?? []).toString();
    if (InvokeComplete) return { text, code: InvokeComplete.ErrorCode };
  }
  throw new Error(`The stream ended without InvokeComplete after "${text}"`);
}

function residentMegabytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
