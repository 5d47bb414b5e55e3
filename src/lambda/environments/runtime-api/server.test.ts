import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { after, test } from 'node:test';
import type { Invocation, RuntimeEvent, RuntimeLink } from '../link.ts';
import { createRuntimeApi } from './server.ts';

const api = createRuntimeApi();
const doors = createServer((socket) => api.accept(socket, 'env'));
doors.listen(0, '127.0.0.1');
await once(doors, 'listening');
const { port } = doors.address() as AddressInfo;
after(() => doors.close());

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function call(
  method: string,
  path: string,
  body: string | Buffer = '',
  headers: OutgoingHttpHeaders = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, method, path: `/2018-06-01/runtime${path}`, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function session(): { link: RuntimeLink; events: RuntimeEvent[] } {
  const events: RuntimeEvent[] = [];
  return { link: api.link('env', (event) => events.push(event)), events };
}

const invocation: Invocation = {
  requestId: 'id-1',
  deadlineMs: 1_700_000_000_000,
  invokedArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
  traceHeader: 'Root=1-x',
  clientContext: '{"custom":"é"}',
  payload: Buffer.from('{"a":1}'),
};

test('a runtime takes an event with its headers, answers, and takes the next', async () => {
  const { link, events } = session();
  const next = call('GET', '/invocation/next');
  while (events.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  assert.deepEqual(events, [{ type: 'ready' }]);
  link.invoke(invocation);
  const { status, headers, body } = await next;
  assert.deepEqual([status, body, headers['content-length']], [200, '{"a":1}', '7']);
  assert.equal(headers['lambda-runtime-aws-request-id'], 'id-1');
  assert.equal(headers['lambda-runtime-deadline-ms'], '1700000000000');
  assert.equal(headers['lambda-runtime-invoked-function-arn'], invocation.invokedArn);
  assert.equal(headers['lambda-runtime-trace-id'], 'Root=1-x');
  assert.equal(headers['lambda-runtime-client-context'], '{"custom":"\\u00e9"}');
  assert.equal(headers['lambda-runtime-cognito-identity'], undefined);
  const answered = await call('POST', '/invocation/id-1/response', '"done"');
  assert.deepEqual([answered.status, answered.body], [202, '{"status":"OK"}\n']);
  assert.deepEqual(events.at(-1), { type: 'response', payload: Buffer.from('"done"') });
  const again = call('GET', '/invocation/next');
  link.invoke({ ...invocation, requestId: 'id-2' });
  assert.equal((await again).headers['lambda-runtime-aws-request-id'], 'id-2');
  link.close();
});

async function busy() {
  const { link, events } = session();
  const next = call('GET', '/invocation/next');
  link.invoke(invocation);
  await next;
  return { link, events };
}

test('what a runtime may not do is refused as AWS refuses it', async () => {
  const { link, events } = await busy();
  const wrongId = await call('POST', '/invocation/other/response', '1');
  assert.deepEqual([wrongId.status, JSON.parse(wrongId.body).errorType], [400, 'InvalidRequestID']);
  const early = await call('GET', '/invocation/next');
  assert.deepEqual([early.status, JSON.parse(early.body).errorType], [403, 'InvalidStateTransition']);
  await call('POST', '/invocation/id-1/response', '1');
  const twice = await call('POST', '/invocation/id-1/response', '2');
  assert.equal(twice.status, 403);
  assert.match(twice.body, /State transition from ResponseSent to InvocationResponse failed for runtime/);
  assert.equal(events.filter(({ type }) => type === 'response').length, 1);
  assert.equal((await call('GET', '/nowhere')).status, 404);
  link.close();
  assert.equal((await call('GET', '/invocation/next')).status, 500);
});

test('errors carry their type where it looks like one', async () => {
  for (const [given, expected] of [
    ['Function.MyError', 'Function.MyError'],
    ['anything else', 'Function.Unknown'],
  ] as const) {
    const { link, events } = await busy();
    const body = '{"errorMessage":"m","errorType":"t"}';
    await call('POST', '/invocation/id-1/error', body, { 'Lambda-Runtime-Function-Error-Type': given });
    assert.deepEqual(events.at(-1), { type: 'error', body: Buffer.from(body), errorType: expected });
    link.close();
  }
});

test('an init error ends the start', async () => {
  const { link, events } = session();
  const answer = await call('POST', '/init/error', '{}', {
    'Lambda-Runtime-Function-Error-Type': 'Runtime.NoSuchHandler',
  });
  assert.equal(answer.status, 202);
  assert.deepEqual(events, [{ type: 'init-error', body: Buffer.from('{}'), errorType: 'Runtime.NoSuchHandler' }]);
  assert.equal((await call('GET', '/invocation/next')).status, 403);
  link.close();
});

test('a response over the limit is refused without being kept', async () => {
  const { link, events } = await busy();
  const answer = await call('POST', '/invocation/id-1/response', Buffer.alloc(7_000_000, 'x'));
  assert.equal(answer.status, 413);
  assert.match(answer.body, /Exceeded maximum allowed payload size \(6291556 bytes\)\./);
  assert.deepEqual(events.at(-1), { type: 'response-too-large', bytes: 7_000_000 });
  link.close();
});

const responsePath = '/2018-06-01/runtime/invocation/id-1/response';
const streaming = { 'Lambda-Runtime-Function-Response-Mode': 'streaming' };

/** A response that is being streamed; resolves with the status when it has been answered. */
function streamed(headers: OutgoingHttpHeaders) {
  const sent = request({ port, method: 'POST', path: responsePath, agent: false, headers });
  const status = new Promise<number>((resolve, reject) => {
    sent.on('response', (response) => response.resume().on('end', () => resolve(response.statusCode ?? 0)));
    sent.on('error', reject);
  });
  return { sent, status };
}

const trailers = {
  'Lambda-Runtime-Function-Error-Type': 'Function.Broken',
  'Lambda-Runtime-Function-Error-Body': Buffer.from('{"errorType":"Broken"}').toString('base64'),
};
const broken = { type: 'error', body: Buffer.from('{"errorType":"Broken"}'), errorType: 'Function.Broken' };

for (const [name, mode] of [
  ['buffered', {}],
  ['streaming', streaming],
] as const) {
  test(`a ${name} response that fails on the way is an error`, async () => {
    const { link, events } = await busy();
    const { sent, status } = streamed({ ...mode, Trailer: Object.keys(trailers).join(', ') });
    sent.write('half of');
    sent.addTrailers(trailers);
    sent.end();
    if (name === 'streaming') await takeOne(events);
    assert.equal(await status, 202);
    assert.deepEqual(events.at(-1), broken);
    link.close();
  });
}

/** Waits for the first piece of a stream, and takes it. */
async function takeOne(events: readonly RuntimeEvent[]): Promise<string> {
  for (;;) {
    const chunk = events.find((event) => event.type === 'stream-chunk');
    if (chunk === undefined) await new Promise((resolve) => setImmediate(resolve));
    else {
      chunk.taken();
      return chunk.bytes.toString();
    }
  }
}

test('a streamed response comes in pieces, and the runtime waits until they are taken', async () => {
  const { link, events } = await busy();
  const { sent, status } = streamed({ ...streaming, 'Content-Type': 'text/plain' });
  const arrived = async (count: number) => {
    while (events.length < count) await new Promise((resolve) => setImmediate(resolve));
  };
  sent.write('one');
  await arrived(3);
  assert.deepEqual(events[1], { type: 'stream-start', contentType: 'text/plain' });
  sent.write('two');
  // Far more than the buffers of a connection hold.
  let drained = false;
  sent.write(Buffer.alloc(32 * 1024 * 1024), () => {
    drained = true;
  });
  const first = events[2];
  assert.ok(first?.type === 'stream-chunk');
  assert.equal(first.bytes.toString(), 'one');
  assert.equal((await call('GET', '/invocation/next')).status, 403);
  assert.equal(drained, false);
  first.taken();
  for (let seen = 3; ; seen += 1) {
    await arrived(seen + 1);
    const event = events[seen];
    if (event?.type !== 'stream-chunk') break;
    event.taken();
    if (seen === 3) sent.end();
  }
  assert.deepEqual(events.at(-1), { type: 'stream-end' });
  assert.equal(await status, 202);
  link.close();
});

test('a streamed response whose connection breaks was cut short', async () => {
  const { link, events } = await busy();
  const { sent, status } = streamed(streaming);
  sent.write('half of');
  status.catch(() => {});
  assert.equal(await takeOne(events), 'half of');
  sent.destroy();
  while (events.length < 4) await new Promise((resolve) => setImmediate(resolve));
  const last = events.at(-1);
  assert.ok(last?.type === 'error');
  assert.equal(last.errorType, 'Runtime.TruncatedResponse');
  link.close();
});

test('a response in a mode that does not exist is refused', async () => {
  const { link } = await busy();
  const answer = await call('POST', '/invocation/id-1/response', '1', {
    'Lambda-Runtime-Function-Response-Mode': 'fast',
  });
  assert.deepEqual([answer.status, JSON.parse(answer.body).errorType], [400, 'InvalidFunctionResponseMode']);
  link.close();
});
