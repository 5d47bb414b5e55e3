import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RuntimeEvent } from '../../environments/link.ts';
import { bootstrapFolder } from '../bootstrap-folder.ts';
import { type Conversation, converse } from '../conversation.ts';
import type { InstalledRuntime } from '../runtime.ts';

const task = join(import.meta.dirname, '../../../../test/fixtures/nodejs');
const here: InstalledRuntime = {
  id: 'nodejs26.x',
  wire: 'framed',
  generic: true,
  mounts: [{ source: bootstrapFolder('nodejs'), target: '/var/runtime' }],
  command: [process.execPath, '{/var/runtime}/index.cjs'],
  environment: { PATH: '/usr/bin:/bin' },
  coldVariables: [],
};

async function loaded(handler: string): Promise<Conversation> {
  const conversation = await converse(here);
  assert.equal((await conversation.assign(handler, task)).type, 'ready');
  return conversation;
}

/** Takes everything at once, and says what came. */
async function collected(conversation: Conversation, first: RuntimeEvent): Promise<string[]> {
  const seen: string[] = [];
  for (let event = first; ; event = await conversation.next()) {
    if (event.type === 'stream-start') seen.push(event.contentType);
    else if (event.type === 'stream-chunk') {
      seen.push(event.bytes.toString());
      event.taken();
    } else {
      seen.push(event.type === 'error' ? `error ${event.errorType} ${event.fatal ?? false}` : event.type);
      return seen;
    }
  }
}

const cases: [handler: string, expected: string[]][] = [
  ['stream.ticks', ['text/plain', 'tick 0\n', 'tick 1\n', 'tick 2\n', 'stream-end']],
  ['stream.fails', ['application/octet-stream', 'half of', 'error RangeError false']],
  ['stream.failsAtOnce', ['error RangeError false']],
  ['stream.throwsLater', ['application/octet-stream', 'then thrown', 'error Error true']],
  ['stream.forgetsToEnd', ['application/octet-stream', '{"some":"json"}', 'stream-end']],
  ['stream.pipesWithoutWaiting', ['application/octet-stream', 'one ', 'two ', 'three', 'stream-end']],
  ['stream.writesNothing', ['application/octet-stream', 'stream-end']],
  [
    'stream.prelude',
    [
      'application/vnd.awslambda.http-integration-response',
      '{"statusCode":201,"headers":{"x-test":"yes"},"cookies":["a=b"]}\0\0\0\0\0\0\0\0',
      'body',
      'stream-end',
    ],
  ],
];

for (const [handler, expected] of cases) {
  test(`Node.js streams ${handler}`, async () => {
    await using conversation = await loaded(handler);
    assert.deepEqual(await collected(conversation, await conversation.invoke({})), expected);
  });
}

test('a function writes no more than its window until somebody takes it, and then the rest', async () => {
  await using conversation = await loaded('stream.bytes');
  assert.equal((await conversation.invoke({ megabytes: 3 })).type, 'stream-start');
  const waiting: (() => void)[] = [];
  let bytes = 0;
  const take = async () => {
    const event = await conversation.next();
    assert.ok(event.type === 'stream-chunk');
    bytes += event.bytes.length;
    waiting.push(event.taken);
  };
  while (bytes < 256 * 1024) await take();
  // It has been asked for nothing more; what it logs shows how far it was let.
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(bytes, 256 * 1024);
  assert.ok(conversation.logs.length <= 2, `${conversation.logs.length} pieces were made`);
  while (bytes < 3 * 1024 * 1024) {
    for (const taken of waiting.splice(0)) taken();
    await take();
  }
  for (const taken of waiting) taken();
  assert.equal((await conversation.next()).type, 'stream-end');
});

test('each event has a window of its own', async () => {
  await using conversation = await loaded('stream.bytes');
  for (let round = 0; round < 3; round += 1) {
    const seen = await collected(conversation, await conversation.invoke({ megabytes: 1 }));
    assert.equal(seen.slice(1, -1).join('').length, 1024 * 1024);
    assert.equal(seen.at(-1), 'stream-end');
  }
});
