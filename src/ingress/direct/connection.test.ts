/** The short way through a front: its answers are those of `node:http`, whatever comes and however it is cut. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { AwsError } from '../../aws/errors.ts';
import type { AnyTable } from '../../aws/operation.ts';
import { systemClock } from '../../base/clock.ts';
import { startFront } from '../testing/front.ts';
import { DirectConnection } from './connection.ts';

const lambda: AnyTable = {
  Invoke: {
    handle({ FunctionName, Payload, LogType }: { FunctionName: string; Payload?: Buffer; LogType?: string }) {
      if (FunctionName === 'broken') throw new TypeError('a mistake of ours');
      if (FunctionName === 'nobody') {
        throw new AwsError({ code: 'ResourceNotFoundException', message: 'Function not found', status: 404 });
      }
      if (FunctionName === 'dry') return { StatusCode: 204 };
      return { StatusCode: 200, ExecutedVersion: '$LATEST', LogResult: LogType, Payload };
    },
  },
};

interface Sent {
  readonly name?: string;
  readonly more?: string;
  readonly body?: string;
}

function invoke({ name = 'echo', more = '', body = '{}' }: Sent = {}): Buffer {
  const head =
    `POST /2015-03-31/functions/${name}/invocations HTTP/1.1\r\nHost: localhost\r\nX-Amz-Log-Type: Tail\r\n` +
    `Content-Type: application/json\r\n${more}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return Buffer.from(head + body);
}

/** Takes the connection to `node:http`, and is answered by it. */
const elsewhere = 'GET /2015-03-31/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n';

/** What comes until the connection ends, without what differs each time. */
async function answers(port: number, pieces: readonly (Buffer | string)[]): Promise<string> {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  socket.setNoDelay(true);
  return exchanged(socket, pieces);
}

/** By `node:http`, which has answered something else on the connection before. */
async function answersOfNode(port: number, request: Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  socket.write(elsewhere);
  const [first] = await once(socket, 'data');
  assert.match(String(first), /^HTTP\/1.1 404 /);
  return exchanged(socket, [request]);
}

async function exchanged(socket: Socket, pieces: readonly (Buffer | string)[]): Promise<string> {
  const said = text(socket);
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  socket.end();
  return (await said).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID').replaceAll(/^date: .*$/gim, 'date: …');
}

const same: readonly [string, Sent][] = [
  ['an answer', { body: '{"a": 1.0, "é": "\\u0000"}' }],
  ['an answer in several writes', { body: JSON.stringify('x'.repeat(20_000)) }],
  ['an answer to nothing', { body: '' }],
  ['an answer without a body', { name: 'dry' }],
  ['an error of AWS', { name: 'nobody' }],
  ['a mistake of ours', { name: 'broken' }],
  ['a broken constraint', { more: 'X-Amz-Invocation-Type: Sometimes\r\n' }],
  ['a page of another site', { more: 'Origin: http://evil.example\r\n' }],
  ['a name that is percent-encoded', { name: 'echo%3Aprod' }],
];

for (const [name, sent] of same) {
  test(`${name} is what node:http writes`, async () => {
    await using front = await startFront({ lambda });
    const direct = await answers(front.port, [invoke(sent)]);
    assert.match(direct, /^HTTP\/1.1 \d{3} /);
    assert.equal(direct, await answersOfNode(front.port, invoke(sent)));
  });
}

test('a request may come in any two pieces, or byte by byte', async () => {
  await using front = await startFront({ lambda });
  const request = invoke({ body: '{"a":1}' });
  const whole = await answers(front.port, [request]);
  assert.match(whole, /^HTTP\/1.1 200 OK\r\n/);
  for (let at = 1; at < request.length; at += 13) {
    assert.equal(await answers(front.port, [request.subarray(0, at), request.subarray(at)]), whole);
  }
  const bytes = [...request].map((byte) => Buffer.of(byte));
  assert.equal(await answers(front.port, bytes), whole);
});

test('a hundred requests on one connection are answered in their order, whatever comes between', async () => {
  await using front = await startFront({ lambda });
  const socket = connect(front.port, '127.0.0.1');
  let said = '';
  socket.on('data', (chunk) => {
    said += chunk;
  });
  for (let at = 0; at < 100; at += 1) {
    socket.write(at === 80 ? elsewhere : invoke({ body: `"number ${at}"` }));
    while (said.split('HTTP/1.1').length <= at + 1) await once(socket, 'data');
  }
  socket.destroy();
  const numbers = [...said.matchAll(/"number (\d+)"/g)].map(([, number]) => Number(number));
  assert.deepEqual(numbers, [...Array(100).keys()].toSpliced(80, 1));
});

test('what comes while an Invoke is under way waits for its answer', async () => {
  const first = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const bodies: string[] = [];
  const slow: AnyTable = {
    Invoke: {
      handle: async ({ Payload }: { Payload: Buffer }) => {
        bodies.push(String(Payload));
        started.resolve();
        if (bodies.length === 1) await first.promise;
        return { Payload };
      },
    },
  };
  await using front = await startFront({ lambda: slow });
  const socket = connect(front.port, '127.0.0.1');
  socket.write(invoke({ body: '1' }));
  await started.promise;
  socket.write(Buffer.concat([invoke({ body: '2' }), invoke({ body: '3' })]));
  assert.deepEqual(bodies, ['1']);
  first.resolve();
  let said = '';
  for await (const chunk of socket) {
    said += chunk;
    if (said.split('HTTP/1.1').length > 3) break;
  }
  assert.deepEqual(bodies, ['1', '2', '3']);
});

test('whoever sends a head and no body has as much time as anybody else, and no more', async () => {
  await using front = await startFront({ lambda }, { requestWaitMs: 200 });
  const request = invoke({ body: '{"a":1}' });
  const socket = connect(front.port, '127.0.0.1');
  socket.write(request.subarray(0, -3));
  assert.match(await text(socket), /^HTTP\/1.1 408 /);
});

test('what ends in its middle is refused as node:http refuses it', async () => {
  await using front = await startFront({ lambda });
  const half = invoke({ body: '{"a":1}' }).subarray(0, -3);
  assert.match(await answers(front.port, [half]), /^HTTP\/1.1 400 /);
  assert.equal(await answers(front.port, [half]), await answersOfNode(front.port, half));
});

test('draining ends idle connections at once, and others with their answer', async () => {
  const held = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const slow: AnyTable = {
    Invoke: {
      handle: async ({ Payload }: { Payload: Buffer }) => {
        if (String(Payload) === '1') return { Payload };
        started.resolve();
        await held.promise;
        return { Payload };
      },
    },
  };
  const front = await startFront({ lambda: slow });
  const idle = connect(front.port, '127.0.0.1');
  idle.write(invoke({ body: '1' }));
  await once(idle, 'data');
  const busy = connect(front.port, '127.0.0.1');
  busy.write(invoke({ body: '2' }));
  await started.promise;
  const drained = front.front.drain(30_000);
  await once(idle, 'close');
  held.resolve();
  const said = await text(busy);
  assert.match(said, /\r\nConnection: close\r\n/);
  assert.match(said, /\r\n\r\n2$/);
  await drained;
});

test('a client that does not read its answer loses its connection, one that waits for it does not', async () => {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    const other = () => assert.fail('It is a plain Invoke');
    new DirectConnection({
      ...{ socket, clock: systemClock, idleMsMax: 200, handOver: other, brokenOff: other, closed: resolve },
      ...{ isDraining: () => false, admits: () => true },
      serve: (_, answer) => void setTimeout(() => answer.send(200, [], Buffer.alloc(64 * 1024 * 1024)), 500),
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const socket = connect(port, '127.0.0.1', () => socket.write(invoke()));
  socket.on('error', () => {});
  const [first] = await once(socket, 'data');
  assert.match(String(first), /^HTTP\/1.1 200 /);
  socket.pause();
  await closed;
  socket.destroy();
  server.close();
});

test('five hundred requests that somebody has tampered with are taken as node:http takes them', async () => {
  await using front = await startFront({ lambda });
  const random = dice(4711);
  const seen = new Set<string>();
  for (let round = 0; round < 500; round += 1) {
    const request = tampered(invoke({ body: '{"a":[1,2]}' }), random);
    const direct = await answers(front.port, [request]);
    assert.equal(direct, await answersOfNode(front.port, request), JSON.stringify(String(request)));
    seen.add(direct.slice(9, 12));
  }
  for (const status of ['200', '400']) assert.ok(seen.has(status), `some are answered by ${status}`);
});

const poison = ['\r', '\n', '\r\n', ':', ' ', '\t', '\0', '\x7f', '\xe9', '/', '%', '0', '1', '9', '-', '+', ',', 'x'];

/** A few bytes exchanged, put in or taken out, or a line twice. */
function tampered(request: Buffer, random: () => number): Buffer {
  let sent = request.toString('latin1');
  for (let times = 1 + Math.floor(random() * 2); times > 0; times -= 1) {
    const at = Math.floor(random() * sent.length);
    const what = poison[Math.floor(random() * poison.length)] ?? '';
    const kind = random();
    const lines = sent.split('\r\n');
    const line = lines[Math.floor(random() * lines.length)] ?? '';
    if (kind < 0.4) sent = sent.slice(0, at) + what + sent.slice(at + 1);
    else if (kind < 0.7) sent = sent.slice(0, at) + what + sent.slice(at);
    else if (kind < 0.9) sent = sent.slice(0, at) + sent.slice(at + 1 + Math.floor(random() * 3));
    else sent = sent.replace('\r\n', `\r\n${line}\r\n`);
  }
  return Buffer.from(sent, 'latin1');
}

/** Chance that repeats (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
