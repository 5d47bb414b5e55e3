import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { systemClock } from '../../../base/clock.ts';
import { encodeFrame, type FrameType, frameTypes } from '../channel/frame.ts';
import { TemplateLink } from './template-link.ts';

const frame = (type: FrameType, body: Buffer | string = '') => encodeFrame(type, Buffer.from(body));
const waitMsMax = 30_000;

async function linked() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const runtime = connect(address.port, '127.0.0.1').on('error', () => {});
  runtime.resume();
  const [socket]: Socket[] = await once(server, 'connection');
  assert.ok(socket);
  const logged: string[] = [];
  const link = new TemplateLink(socket, systemClock, (message) => logged.push(message));
  return {
    link,
    logged,
    runtime,
    [Symbol.dispose]() {
      runtime.destroy();
      link.close();
      server.close();
    },
  };
}

test('what a template says is heard in order, and its log beside it', async () => {
  using made = await linked();
  const { link, runtime, logged } = made;
  runtime.write(Buffer.concat([frame(frameTypes.log, `${'\0'.repeat(8)}a line`), frame(frameTypes.hello)]));
  assert.deepEqual(await link.next(waitMsMax), { type: 'hello' });
  runtime.write(frame(frameTypes.forked, '12'));
  assert.deepEqual(await link.next(waitMsMax), { type: 'forked', pid: 12 });
  runtime.write(frame(frameTypes.unfit, 'threads'));
  assert.deepEqual(await link.next(waitMsMax), { type: 'unfit', why: 'threads' });
  const error = JSON.stringify({ errorMessage: 'no such table', errorType: 'ValueError' });
  runtime.write(frame(frameTypes.initError, Buffer.concat([Buffer.from([10]), Buffer.from(`ValueError${error}`)])));
  assert.deepEqual(await link.next(waitMsMax), { type: 'failed', errorType: 'ValueError', message: 'no such table' });
  assert.deepEqual(logged, ['a line']);
});

test('a template that ends is heard of, and one that says nothing is waited for no longer than that', async () => {
  using made = await linked();
  await assert.rejects(made.link.next(1), /did not answer in time/);
  const last = made.link.next(waitMsMax);
  made.runtime.destroy();
  assert.equal(await last, undefined);
  assert.equal(await made.link.next(waitMsMax), undefined);
});

const refused: [name: string, sent: Buffer][] = [
  ['a response', frame(frameTypes.response, '1')],
  ['a type that does not exist', Buffer.from([1, 0, 0, 0, 99])],
  ['a reason of four gigabytes', Buffer.from([255, 255, 255, 255, frameTypes.unfit])],
  ['a log without a time', frame(frameTypes.log, 'short')],
  [
    'more than it was asked',
    Buffer.concat([frame(frameTypes.forked), frame(frameTypes.forked), frame(frameTypes.forked)]),
  ],
];

for (const [name, sent] of refused) {
  test(`a template that sends ${name} is cut off`, async () => {
    using made = await linked();
    made.runtime.write(sent);
    await once(made.runtime, 'close');
  });
}
