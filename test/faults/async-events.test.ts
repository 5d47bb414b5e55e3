/** Ten thousand asynchronous events in, `kill -9` twice on the way, and every one of them out again: at least once. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { createFunction, lambdaClient } from '../harness/client.ts';
import { nodePackage } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

const eventsMax = 10_000;
const together = 32;
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const saw = nodePackage(`
  exports.handler = async ({ n }) => {
    await new Promise((done) => setTimeout(done, 5));
    console.log('saw', n);
  };`);

test('of ten thousand accepted events none is lost to kill -9', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lambent-events-'));
  const accepted = new Set<number>();
  try {
    for (const upTo of [4_000, 8_000]) {
      await using server = await startServer({ dataDir });
      if (accepted.size === 0) await prepare(server);
      await send(server, accepted, upTo);
      await server.kill9();
      assert.ok(left(dataDir) > 0, 'the server was killed when nothing was left to do');
    }
    await using server = await startServer({ dataDir });
    await send(server, accepted, eventsMax);
    assert.equal(accepted.size, eventsMax);
    await allRan(server, accepted);
    assert.equal(await server.stop(), 0);
    assert.equal(left(dataDir), 0);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

/** Events come faster than they run, so that each server is killed with many of them waiting. */
async function prepare({ endpoint }: Server): Promise<void> {
  const client = lambdaClient(endpoint);
  await createFunction(client, { name: 'saw', zip: saw });
  const input = { FunctionName: 'saw', ReservedConcurrentExecutions: 8 };
  await client.send(new PutFunctionConcurrencyCommand(input));
}

/** Events that are kept. */
function left(dataDir: string): number {
  const database = new DatabaseSync(join(dataDir, 'lambent.db'), { readOnly: true });
  try {
    return Number(database.prepare('SELECT count(*) AS count FROM async_event').get()?.count);
  } finally {
    database.close();
  }
}

/** From where the last server was left, until so many are accepted. */
async function send({ endpoint }: Server, accepted: Set<number>, upTo: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: together });
  let next = accepted.size;
  const sender = async () => {
    while (next < upTo) {
      const n = next;
      next += 1;
      assert.equal(await status(agent, endpoint, n), 202);
      accepted.add(n);
    }
  };
  await Promise.all(Array.from({ length: together }, sender));
  agent.destroy();
}

/** A signature is not looked at on loopback, and an SDK would take most of the time. */
function status(agent: Agent, endpoint: string, n: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(
      `${endpoint}/2015-03-31/functions/saw/invocations`,
      {
        method: 'POST',
        agent,
        headers: {
          'x-amz-invocation-type': 'Event',
          authorization:
            'AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0',
        },
      },
      (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode ?? 0));
      },
    );
    asked.on('error', reject);
    asked.end(JSON.stringify({ n }));
  });
}

async function allRan(server: Server, accepted: ReadonlySet<number>): Promise<void> {
  const giveUpAt = performance.now() + 120_000;
  for (;;) {
    const seen = await seenInLog(server);
    const missing = [...accepted].filter((n) => !seen.has(n));
    if (missing.length === 0) return;
    assert.ok(performance.now() < giveUpAt, `${missing.length} accepted events never ran: ${missing.slice(0, 10)}`);
    await sleep(500);
  }
}

async function seenInLog({ endpoint }: Server): Promise<Set<number>> {
  const client = new CloudWatchLogsClient({ endpoint, region: 'us-east-1', credentials });
  const seen = new Set<number>();
  const query = { logGroupName: '/aws/lambda/saw', filterPattern: 'saw' };
  for await (const page of paginateFilterLogEvents({ client }, query)) {
    for (const { message } of page.events ?? []) seen.add(Number(/saw (\d+)/.exec(message ?? '')?.[1]));
  }
  return seen;
}
