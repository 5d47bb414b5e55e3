/** Clients that are slow, or go away in the middle of something: the server keeps its memory, and its environments. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LambdaClient, PutFunctionConcurrencyCommand, TooManyRequestsException } from '@aws-sdk/client-lambda';
import { createFunction, invoke, lambdaClient } from '../harness/client.ts';
import { nodePackage, zip } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

const waitMsMax = 30_000;
const slowReaders = 8;
const serverMegabytesMax = 350;
const streams = zip([
  { name: 'stream.js', content: readFileSync(join(import.meta.dirname, '../fixtures/nodejs/stream.js')) },
]);
/** Says which environment it is, and how often that has been asked. */
const counts = nodePackage(`
  const me = Math.random();
  let calls = 0;
  exports.handler = async ({ ms = 0 }) => {
    calls += 1;
    await new Promise((done) => setTimeout(done, ms));
    return { me, calls };
  };`);

let server: Server;
let client: LambdaClient;
before(async () => {
  server = await startServer();
  client = lambdaClient(server.endpoint);
  await createFunction(client, { name: 'counts', zip: counts, Timeout: 30 });
  // Of two environments the one that was used last would serve all that comes, and the other never be heard of.
  await client.send(new PutFunctionConcurrencyCommand({ FunctionName: 'counts', ReservedConcurrentExecutions: 1 }));
  await createFunction(client, { name: 'bytes', zip: streams, Handler: 'stream.bytes', Timeout: 60 });
});
after(() => server[Symbol.asyncDispose]());

test('a caller that goes away while its function runs leaves it to its end, and an environment that serves the next', async () => {
  const before = Object((await invoke(client, 'counts')).payload);
  (await sent(post('/2015-03-31/functions/counts/invocations', { ms: 300 }))).destroy();
  const served = async () => {
    const asked = await invoke(client, 'counts').catch(throttled);
    if (asked === undefined) return false;
    const { me, calls } = Object(asked.payload);
    return me === before.me && calls > before.calls + 1;
  };
  await until(served, 'what the caller left is never heard of again');
});

test('a caller that breaks off what it sends is nobody', async () => {
  const text =
    'POST /2015-03-31/functions/bytes/invocations HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{"ms"';
  for (let n = 0; n < 20; n += 1) (await sent(text)).destroy();
  assert.equal((await invoke(client, 'bytes', { megabytes: 0 })).status, 200);
});

test('streams that nobody reads take bounded memory, and go on where somebody reads', async () => {
  const sockets = await Promise.all(
    Array.from({ length: slowReaders }, async () => (await sent(streamed('bytes', { megabytes: 50 }))).pause()),
  );
  let most = 0;
  for (let look = 0; look < 20; look += 1) {
    await sleep(100);
    most = Math.max(most, residentMegabytes());
  }
  assert.ok(most < serverMegabytesMax, `the server took ${most} MB`);
  const [first, ...others] = sockets;
  for (const socket of others) socket.destroy();
  let bytes = 0;
  for await (const piece of first ?? []) bytes += piece.length;
  assert.ok(bytes > 50 * 1024 * 1024, `${bytes} bytes came`);
  assert.equal((await invoke(client, 'bytes', { megabytes: 0 })).status, 200);
});

test('a hundred callers that go away in the middle of streams leave nothing open', async () => {
  for (let round = 0; round < 10; round += 1) {
    const sockets = await Promise.all(Array.from({ length: 10 }, () => sent(streamed('bytes', { megabytes: 2 }))));
    for (const [head] of await Promise.all(sockets.map((socket) => once(socket, 'data')))) {
      assert.match(String(head), /^HTTP\/1.1 200 /);
    }
    for (const socket of sockets) socket.destroy();
  }
  assert.equal((await invoke(client, 'bytes', { megabytes: 0 })).status, 200);
  await until(async () => connections() <= 2, 'connections stay open');
  assert.doesNotMatch(server.log(), / error /);
});

function throttled(error: unknown): undefined {
  if (!(error instanceof TooManyRequestsException)) throw error;
}

/** A connection that has sent this much. */
function sent(text: string): Promise<Socket> {
  const { hostname, port } = new URL(server.endpoint);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text, () => resolve(socket)));
    socket.on('error', reject);
  });
}

function streamed(name: string, event: object): string {
  return post(`/2021-11-15/functions/${name}/response-streaming-invocations`, event);
}

function post(path: string, event: object): string {
  const body = JSON.stringify(event);
  return `POST ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

async function until(fact: () => Promise<boolean>, otherwise: string): Promise<void> {
  const last = performance.now() + waitMsMax;
  while (!(await fact())) {
    assert.ok(performance.now() < last, otherwise);
    await sleep(50);
  }
}

function residentMegabytes(): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** To the server's port, as the server sees them: the SDK keeps one for its next call. */
function connections(): number {
  const port = Number(new URL(server.endpoint).port).toString(16).toUpperCase().padStart(4, '0');
  const established = new RegExp(`^ *\\d+: \\S+:${port} \\S+ 0[148] `);
  return readFileSync('/proc/net/tcp', 'latin1')
    .split('\n')
    .filter((line) => established.test(line)).length;
}
