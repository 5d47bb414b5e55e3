/** What HTTP/2 lets a client ask for that costs it little: it ends that client's connection, and nobody else's. */
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { givesBack, held, meanwhile, startTarget, type Target } from '../harness/hostile.ts';

let target: Target;
before(async () => {
  target = await startTarget();
});
after(() => target[Symbol.asyncDispose]());

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const types = { data: 0, headers: 1, priority: 2, reset: 3, settings: 4, ping: 6, windowUpdate: 8, continuation: 9 };
const endStream = 1;
const endHeaders = 4;
const whole = endStream | endHeaders;

function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function setting(id: number, value: number): Buffer {
  return frame(types.settings, 0, 0, Buffer.concat([Buffer.from([0, id]), uint32(value)]));
}

/** Header fields in HPACK: each written out, none remembered. */
function fields(...pairs: readonly (readonly [string, string])[]): Buffer {
  const text = (value: string) => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
  return Buffer.concat(pairs.map(([name, value]) => Buffer.concat([Buffer.from([0]), text(name), text(value)])));
}

function asked(path: string, method = 'GET'): Buffer {
  return fields([':method', method], [':scheme', 'http'], [':path', path], [':authority', target.host]);
}

/** The nth stream that a client opens. */
const odd = (n: number) => 2 * n + 1;
const header = (n: number) => fields([`x-${n}`, 'b'.repeat(100)]);

const floods: Readonly<Record<string, (n: number) => Buffer>> = {
  pings: () => frame(types.ping, 0, 0, Buffer.alloc(8)),
  settings: () => setting(3, 100),
  'streams that are taken back': (n) =>
    Buffer.concat([frame(types.headers, whole, odd(n), asked('/')), frame(types.reset, 0, odd(n), uint32(8))]),
  'streams that stay open': (n) => frame(types.headers, endHeaders, odd(n), asked('/', 'POST')),
  'headers without end': (n) =>
    n === 0 ? frame(types.headers, endStream, 1, asked('/')) : frame(types.continuation, 0, 1, header(n)),
  'empty continuations': (n) =>
    n === 0 ? frame(types.headers, endStream, 1, asked('/')) : frame(types.continuation, 0, 1),
  'empty data': (n) => (n === 0 ? frame(types.headers, endHeaders, 1, asked('/', 'POST')) : frame(types.data, 0, 1)),
  priorities: (n) => frame(types.priority, 0, odd(n), Buffer.alloc(5)),
  'a window that overflows': () => frame(types.windowUpdate, 0, 0, uint32(0x7fff_ffff)),
  'a window that grows by nothing': () => frame(types.windowUpdate, 0, 0, uint32(0)),
  'a stream of the server': () => frame(types.headers, whole, 2, asked('/')),
  'a frame that is too large': () => frame(types.data, 0, 1, Buffer.alloc(20_000)),
  'no HPACK': () => frame(types.headers, whole, 1, Buffer.alloc(6, 0xff)),
};

/** Far more than any bound. */
const framesMax = 200_000;

test('floods and broken frames end their connection', async () => {
  const before = await held(target);
  for (const [what, next] of Object.entries(floods)) {
    assert.equal(await meanwhile(target, () => flooded(next)), 'ended', what);
  }
  await givesBack(target, before);
});

async function flooded(next: (n: number) => Buffer): Promise<'ended' | 'took it all'> {
  const socket = await begun();
  for (let n = 0; n < framesMax; n += 1) {
    if (socket.destroyed) return 'ended';
    if (!socket.write(next(n))) await until(socket, 'drain');
  }
  socket.destroy();
  return 'took it all';
}

async function begun(): Promise<Socket> {
  const socket = connect(target.port, '127.0.0.1');
  socket.on('error', () => {});
  await until(socket, 'connect');
  socket.write(Buffer.concat([preface, frame(types.settings, 0, 0)]));
  return socket;
}

/** Or until the connection is over. */
function until(socket: Socket, event: 'connect' | 'drain'): Promise<void> {
  if (socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      socket.off(event, done).off('close', done);
      resolve();
    };
    socket.on(event, done).on('close', done);
  });
}
