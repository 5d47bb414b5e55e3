import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ManualClock } from '../base/manual-clock.ts';
import { silentLog } from '../observe/log.ts';
import { openStore } from '../store/open.ts';
import { temporaryFolder } from '../store/testing/folder.ts';
import { Outbox } from './outbox.ts';
import { type NewDelivery, type Parcel, Undeliverable } from './parcel.ts';
import { Targets } from './targets.ts';

const source = { service: 's3.amazonaws.com', arn: 'arn:aws:s3:::b', accountId: '000000000000' };
const queue = 'arn:aws:sqs:us-east-1:000000000000:q';

type Answer = (parcel: Parcel, attempt: number) => void | Promise<void>;

async function scene(t: TestContext, answer: Answer, dataDir = temporaryFolder(t)) {
  const clock = new ManualClock();
  const store = await openStore({ dataDir, clock, log: silentLog });
  const taken: { body: string; at: number }[] = [];
  const started = clock.now();
  const attempts = new Map<string, number>();
  const targets = new Targets();
  targets.register('sqs', {
    refusal: () => undefined,
    async accept(parcel) {
      const attempt = (attempts.get(parcel.body) ?? 0) + 1;
      attempts.set(parcel.body, attempt);
      await answer(parcel, attempt);
      taken.push({ body: parcel.body, at: clock.now() - started });
    },
  });
  const outbox = new Outbox({ store: store.deliveries, targets, clock, log: silentLog });
  const close = async () => {
    await outbox.stop();
    await store.close();
  };
  outbox.start();
  return { clock, store, taken, attempts, outbox, close, bodies: () => taken.map(({ body }) => body) };
}

const parcel = (body: string, more: Partial<NewDelivery> = {}): NewDelivery => ({
  target: queue,
  source,
  body,
  ...more,
});

/** Until writes, which go through a thread of their own, have come as far. */
async function until(fact: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + 5000;
  while (!fact()) {
    assert.ok(performance.now() < giveUpAt, 'it never came to be');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('a delivery is brought, and tried again with waits that double', async (t) => {
  const s = await scene(t, (_, attempt) => {
    if (attempt < 4) throw new Error('not now');
  });
  t.after(s.close);
  await s.store.deliveries.add([parcel('a')]);
  for (let second = 0; second < 8; second += 1) {
    await until(() => s.store.deliveries.nextDueAt() !== undefined || s.taken.length > 0);
    await s.clock.advance(1000);
  }
  await until(() => s.store.deliveries.count() === 0);
  assert.deepEqual(s.taken, [{ body: 'a', at: 7000 }]);
});

test('what will never be taken, or was tried often enough, goes to the dead letters', async (t) => {
  const dead = 'arn:aws:sqs:us-east-1:000000000000:dead';
  const s = await scene(t, ({ target, body }) => {
    if (target === dead) return;
    if (body === 'never') throw new Undeliverable('X', 'never');
    throw new Error('not now');
  });
  t.after(s.close);
  const retry = { attemptsMax: 2, ageMsMax: 1e9, waitMsMin: 1000, waitMsMax: 1000 };
  const deliveries = [parcel('never', { deadLetterTarget: dead }), parcel('often', { deadLetterTarget: dead, retry })];
  await s.store.deliveries.add([...deliveries, parcel('never')]);
  await until(() => s.taken.length === 1);
  await until(() => s.store.deliveries.count() === 1 && s.store.deliveries.nextDueAt() !== undefined);
  await s.clock.advance(1000);
  await until(() => s.store.deliveries.count() === 0);
  assert.deepEqual(s.bodies(), ['never', 'often']);
});

test('what was not taken when the process ended is brought by the next, groups in order', async (t) => {
  const dataDir = temporaryFolder(t);
  const fifo = { target: `${queue}.fifo`, groupId: 'g' };
  const first = await scene(
    t,
    ({ body }) => {
      if (body !== 'taken') throw new Error('not now');
    },
    dataDir,
  );
  await first.store.deliveries.add([parcel('taken'), parcel('1', fifo), parcel('2', fifo), parcel('3', fifo)]);
  await until(() => first.store.deliveries.count() === 3 && first.store.deliveries.nextDueAt() !== undefined);
  await first.close();
  const second = await scene(t, () => {}, dataDir);
  t.after(second.close);
  await until(() => second.store.deliveries.count() === 3);
  await second.clock.advance(1000);
  await until(() => second.store.deliveries.count() === 0);
  assert.deepEqual(second.bodies(), ['1', '2', '3']);
});

test('deliveries are part of the write that causes them, or are not at all', async (t) => {
  const s = await scene(t, () => {});
  t.after(s.close);
  const { statements, committed } = s.store.deliveries.joined([parcel('a')]);
  assert.equal(statements.length, 1);
  assert.equal(s.store.deliveries.count(), 0);
  // Never written: nothing is there to bring.
  committed();
  await until(() => s.store.deliveries.nextDueAt() === undefined);
  assert.deepEqual(s.bodies(), []);
});

test('a target that does not answer is given up on after half a minute', async (t) => {
  const s = await scene(t, (_, attempt) => (attempt === 1 ? new Promise(() => {}) : undefined));
  t.after(s.close);
  await s.store.deliveries.add([parcel('a')]);
  await until(() => s.attempts.get('a') === 1);
  await s.clock.advance(30_000);
  await until(() => s.store.deliveries.nextDueAt() !== undefined);
  await s.clock.advance(1000);
  await until(() => s.taken.length === 1);
});
