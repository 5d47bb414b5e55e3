import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import type { RuntimeEvent } from '../link.ts';
import { encodeFrame, type FrameType, frameTypes, streamWindowBytes } from './frame.ts';
import { createFramedLink } from './link.ts';

const frame = (type: FrameType, body = '') => encodeFrame(type, Buffer.from(body));
const hello = frame(frameTypes.hello);
const ready = frame(frameTypes.ready);
const response = frame(frameTypes.response, '1');
const unknown = Buffer.from([1, 0, 0, 0, 99]);
const hugeLog = Buffer.from([255, 255, 255, 255, frameTypes.log]);

const hugeResponse = Buffer.from([255, 255, 255, 255, frameTypes.response]);
const invocation = { requestId: 'r', deadlineMs: 1, invokedArn: 'arn', payload: Buffer.from('1') };

/** What a hostile runtime sends once it is connected, and how the link names it. */
const refused: [name: string, sent: readonly Buffer[], why: RegExp][] = [
  ['ready before hello', [ready], /only a runtime that is initialising/],
  ['ready before assign', [hello, ready], /only a runtime that is initialising/],
  ['hello twice', [hello, hello], /only a runtime that is connected/],
  ['a response that nobody asked for', [hello, response], /only a runtime that is busy/],
  ['an error that nobody asked for', [hello, frame(frameTypes.error)], /only a runtime that is busy/],
  ['a stream that nobody asked for', [hello, frame(frameTypes.streamStart)], /only a runtime that is busy/],
  ['a piece of no stream', [hello, frame(frameTypes.streamChunk, 'x')], /no room for them/],
  ['a log without a time', [frame(frameTypes.log, 'short')], /log frame without a time/],
  ['a type that does not exist', [unknown], /unknown type 99/],
  ['a log of four gigabytes', [hugeLog], /type 22 with/],
  ['what only the server sends', [frame(frameTypes.invoke)], /unknown type/],
];

for (const [name, sent, why] of refused) {
  test(`a runtime that sends ${name} is cut off, once`, async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    const events: RuntimeEvent[] = [];
    server.once('connection', (socket: Socket) => createFramedLink(socket, (event) => events.push(event)));
    const runtime = connect(address.port, '127.0.0.1').on('error', () => {});
    try {
      runtime.resume();
      runtime.write(Buffer.concat([...sent, response]));
      await once(runtime, 'close');
      const violations = events.filter((event) => event.type === 'violation');
      assert.equal(violations.length, 1);
      assert.match(violations[0]?.why ?? '', why);
      assert.equal(events.at(-1)?.type, 'violation');
    } finally {
      runtime.destroy();
      server.close();
    }
  });
}

test('a runtime that announces an answer of four gigabytes is cut off before it sends it', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const events: RuntimeEvent[] = [];
  server.once('connection', (socket: Socket) => {
    const link = createFramedLink(socket, (event) => {
      events.push(event);
      if (event.type === 'hello')
        link.assign({ handler: 'h', taskRoot: '/var/task', optRoot: '/opt', environment: {} });
      if (event.type === 'ready') link.invoke(invocation);
    });
  });
  const runtime = connect(address.port, '127.0.0.1').on('error', () => {});
  try {
    runtime.write(hello);
    await once(runtime, 'data');
    runtime.write(ready);
    await once(runtime, 'data');
    runtime.write(hugeResponse);
    await once(runtime, 'close');
    const last = events.at(-1);
    assert.ok(last?.type === 'violation');
    assert.match(last.why, /type 19 with 4294967294 bytes/);
  } finally {
    runtime.destroy();
    server.close();
  }
});

test('a runtime that streams more than it has room for is cut off', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const events: RuntimeEvent[] = [];
  server.once('connection', (socket: Socket) => {
    const link = createFramedLink(socket, (event) => {
      events.push(event);
      if (event.type === 'hello')
        link.assign({ handler: 'h', taskRoot: '/var/task', optRoot: '/opt', environment: {} });
      if (event.type === 'ready') link.invoke(invocation);
    });
  });
  const runtime = connect(address.port, '127.0.0.1').on('error', () => {});
  try {
    runtime.write(hello);
    await once(runtime, 'data');
    runtime.write(ready);
    await once(runtime, 'data');
    const piece = frame(frameTypes.streamChunk, 'x'.repeat(streamWindowBytes / 4));
    runtime.write(Buffer.concat([frame(frameTypes.streamStart, 'text/plain'), piece, piece, piece, piece, piece]));
    await new Promise((resolve) => runtime.once('close', resolve));
    assert.deepEqual(
      events.slice(2).map(({ type }) => type),
      ['stream-start', 'stream-chunk', 'stream-chunk', 'stream-chunk', 'stream-chunk', 'violation'],
    );
  } finally {
    runtime.destroy();
    server.close();
  }
});
