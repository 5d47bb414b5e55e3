/** `kill -9` under load, a start on the same folder, and everything that was answered is there. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionCommand, InvokeCommand, type LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { createFunction, invoke, lambdaClient } from '../harness/client.ts';
import { nodePackage } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const echo = nodePackage(`exports.handler = async (event) => { console.log('saw', event.n); return event; };`);

interface Acknowledged {
  readonly functions: string[];
  readonly finished: number[];
  readonly accepted: number[];
}

test('nothing that was answered is lost, and nothing of the dead servers is left', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lambent-kill9-'));
  const acknowledged: Acknowledged = { functions: [], finished: [], accepted: [] };
  try {
    for (let round = 0; round < 3; round += 1) await oneRound(dataDir, round, acknowledged);
    await using server = await startServer({ dataDir });
    const client = lambdaClient(server.endpoint);
    const names = await functionNames(client);
    for (const name of acknowledged.functions) assert.ok(names.includes(name), `${name} was created and is lost`);
    assert.deepEqual((await invoke(client, 'echo', { n: -1 })).payload, { n: -1 });
    await codeIsThere(client, server);
    await eventsRan(server, acknowledged);
    assert.equal(await server.stop(), 0);
    nothingIsLeftOf(server);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

async function oneRound(dataDir: string, round: number, acknowledged: Acknowledged): Promise<void> {
  await using server = await startServer({ dataDir });
  const client = lambdaClient(server.endpoint);
  if (round === 0) await createFunction(client, { name: 'echo', zip: echo });
  const first = round * 1_000_000;
  let running = true;
  const load = [
    repeat(
      () => running,
      async (n) => {
        assert.deepEqual((await invoke(client, 'echo', { n: first + n })).payload, { n: first + n });
        acknowledged.finished.push(first + n);
      },
    ),
    repeat(
      () => running,
      async (n) => {
        const id = first + 500_000 + n;
        const input = { FunctionName: 'echo', InvocationType: 'Event' as const, Payload: Buffer.from(`{"n":${id}}`) };
        assert.equal((await client.send(new InvokeCommand(input))).StatusCode, 202);
        acknowledged.accepted.push(id);
      },
    ),
    repeat(
      () => running && acknowledged.functions.length < 12 * (round + 1),
      async (n) => {
        const name = `f-${round}-${n}`;
        await createFunction(client, {
          name,
          zip: nodePackage(`exports.handler = async () => ${n};`),
          waitSecondsMax: 3,
        });
        acknowledged.functions.push(name);
      },
    ),
  ];
  const before = { finished: acknowledged.finished.length, accepted: acknowledged.accepted.length };
  const enough = () =>
    acknowledged.finished.length >= before.finished + 10 && acknowledged.accepted.length >= before.accepted + 10;
  // A busy machine needs longer for the same load.
  await sleep(1500);
  for (let n = 0; n < 200 && !enough(); n += 1) await sleep(100);
  await server.kill9();
  running = false;
  await Promise.all(load);
}

/** Until told to stop; what fails because the server is gone was not acknowledged. */
async function repeat(more: () => boolean, action: (n: number) => Promise<void>): Promise<void> {
  for (let n = 0; more(); n += 1) {
    try {
      await action(n);
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      await sleep(20);
    }
  }
}

async function functionNames(client: LambdaClient): Promise<(string | undefined)[]> {
  const names: (string | undefined)[] = [];
  for await (const { Functions = [] } of paginateListFunctions({ client, pageSize: 7 }, {})) {
    names.push(...Functions.map(({ FunctionName }) => FunctionName));
  }
  return names;
}

async function codeIsThere(client: LambdaClient, server: Server): Promise<void> {
  const { Code } = await client.send(new GetFunctionCommand({ FunctionName: 'echo' }));
  const link = Code?.Location ?? '';
  assert.ok(link.startsWith(server.endpoint), link);
  const downloaded = Buffer.from(await (await fetch(link)).arrayBuffer());
  assert.ok(downloaded.equals(echo));
}

/** Logs of finished invocations are complete; accepted events run now, if they had not before. */
async function eventsRan(server: Server, { finished, accepted }: Acknowledged): Promise<void> {
  assert.ok(finished.length > 20 && accepted.length > 20, `too little load: ${finished.length}, ${accepted.length}`);
  const giveUpAt = performance.now() + 60_000;
  for (;;) {
    const seen = await seenInLog(server);
    const lost = finished.filter((n) => !seen.has(n));
    assert.deepEqual(lost, [], 'the log of a finished invocation is lost');
    const waiting = accepted.filter((n) => !seen.has(n));
    if (waiting.length === 0) return;
    assert.ok(performance.now() < giveUpAt, `accepted events never ran: ${waiting.slice(0, 10)}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

async function seenInLog({ endpoint }: Server): Promise<Set<number>> {
  const client = new CloudWatchLogsClient({ endpoint, region: 'us-east-1', credentials });
  const seen = new Set<number>();
  const query = { logGroupName: '/aws/lambda/echo', filterPattern: 'saw' };
  for await (const page of paginateFilterLogEvents({ client }, query)) {
    for (const { message } of page.events ?? []) seen.add(Number(/saw (-?\d+)/.exec(message ?? '')?.[1]));
  }
  return seen;
}

/** No process and no mount that has the folder's name. */
function nothingIsLeftOf({ dataDir }: Server): void {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => readOr(`/proc/${pid}/cmdline`))
    .filter((line) => line.includes(dataDir));
  assert.deepEqual(processes, []);
  assert.ok(!readFileSync('/proc/self/mountinfo', 'utf8').includes(dataDir), 'a mount of the data folder is left');
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
