import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../../base/manual-clock.ts';
import type { Delivery } from './delivery.ts';
import { Subscriber } from './subscriber.ts';
import type { Subscription } from './subscription.ts';

const subscription: Subscription = {
  api: 'telemetry',
  schemaVersion: '2022-12-13',
  types: ['platform'],
  maxItems: 3,
  maxBytes: 100,
  timeoutMs: 50,
  destination: { protocol: 'TCP', port: 1 },
};
const settle = () => new Promise((resolve) => setImmediate(resolve));

function opened(answers: (batch: readonly string[]) => boolean | Promise<boolean> = () => true) {
  const clock = new ManualClock();
  const batches: string[][] = [];
  const delivery: Delivery = {
    async send(events) {
      batches.push([...events]);
      return answers(events);
    },
    close() {},
  };
  return { clock, batches, subscriber: new Subscriber({ subscription, clock, delivery }) };
}

test('a batch goes out when its time has come, or when it is full by number or by bytes', async () => {
  const { clock, batches, subscriber } = opened();
  subscriber.tell('a');
  subscriber.tell('b');
  await settle();
  assert.equal(batches.length, 0);
  await clock.advance(50);
  assert.deepEqual(batches, [['a', 'b']]);
  for (const event of ['c', 'd', 'e']) subscriber.tell(event);
  await settle();
  assert.deepEqual(batches.at(-1), ['c', 'd', 'e']);
  subscriber.tell('x'.repeat(60));
  subscriber.tell('y'.repeat(60));
  await settle();
  assert.deepEqual(
    batches.slice(2).map(([event]) => event?.[0]),
    ['x', 'y'],
  );
});

test('what does not get across is tried again, then dropped, and confessed with the next that does', async () => {
  let works = false;
  const { clock, batches, subscriber } = opened(() => works);
  subscriber.tell('lost');
  await clock.advance(50);
  await clock.advance(100);
  await clock.advance(200);
  assert.deepEqual(batches, [['lost'], ['lost'], ['lost']]);
  works = true;
  subscriber.tell('heard');
  await clock.advance(50);
  await settle();
  assert.deepEqual(batches[3], ['heard']);
  const [confession = ''] = batches[4] ?? [];
  assert.deepEqual(JSON.parse(confession).type, 'platform.logsDropped');
  assert.deepEqual(JSON.parse(confession).record.droppedRecords, 1);
  assert.deepEqual(JSON.parse(confession).record.droppedBytes, 4);
});

test('a subscriber that does not keep up holds no more than four batches', async () => {
  const { clock, batches, subscriber } = opened(() => new Promise(() => {}));
  for (let n = 0; n < 100; n += 1) subscriber.tell(String(n));
  await clock.advance(50);
  // One batch is under way.
  assert.equal(batches.length, 1);
  subscriber.close();
});

test('while the environment stands still nothing is sent, and then everything', async () => {
  const { clock, batches, subscriber } = opened();
  subscriber.pause();
  subscriber.tell('a');
  await clock.advance(1000);
  await subscriber.flush();
  assert.equal(batches.length, 0);
  subscriber.resume();
  await clock.advance(0);
  await settle();
  assert.deepEqual(batches, [['a']]);
});
