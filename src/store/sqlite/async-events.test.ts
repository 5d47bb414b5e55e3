import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AsyncStore } from '../../lambda/invoke/async-store.ts';
import { openIn, temporaryFolder, temporaryStore } from '../testing/folder.ts';
import { event } from '../testing/records.ts';

const any = () => true;

function claimAll(async: AsyncStore, now: number, mayRun: Parameters<AsyncStore['claim']>[1] = any) {
  const next = () => async.claim(now, mayRun);
  const events = [];
  for (let event = next(); event !== undefined; event = next()) events.push(event);
  return events;
}

test('events are claimed when they are due, soonest first, and once', async (t) => {
  const { async } = await temporaryStore(t);
  await Promise.all([async.add(event('late', 30)), async.add(event('soon', 10)), async.add(event('later', 50))]);
  assert.equal(async.nextDueAt(any), 10);
  assert.deepEqual(
    claimAll(async, 40).map(({ id }) => id),
    ['soon', 'late'],
  );
  assert.deepEqual(claimAll(async, 40), []);
  assert.deepEqual([async.nextDueAt(any), async.count()], [50, 3]);
});

test('an event comes back as it was given, from memory and from the disk', async (t) => {
  const folder = temporaryFolder(t);
  const before = await openIn(folder);
  const given = { ...event('e', 1), qualifier: '$LATEST', traceHeader: 'Root=1', payload: Buffer.from([0, 255]) };
  await before.async.add(given);
  assert.deepEqual(before.async.claim(1, any), given);
  await before.close();
  const { async, close } = await openIn(folder);
  t.after(close);
  assert.deepEqual(async.claim(1, any), given);
});

test('events that were settled or put off before anybody claimed them are not claimed as they were', async (t) => {
  const { async } = await temporaryStore(t);
  await Promise.all([async.add(event('settled', 1)), async.add(event('put-off', 1))]);
  await Promise.all([async.settle('settled'), async.postpone('put-off', { attempts: 2, nextAttemptAt: 9 })]);
  assert.deepEqual(
    claimAll(async, 1).map(({ id, attempts }) => [id, attempts]),
    [['put-off', 2]],
  );
});

test('more events than are remembered come out in order', async (t) => {
  const { async } = await temporaryStore(t);
  const large = { payload: Buffer.alloc(256 * 1024) };
  await Promise.all(Array.from({ length: 80 }, (_, n) => async.add({ ...event(`e${n}`, n), ...large })));
  const claimed = claimAll(async, 80);
  assert.deepEqual(
    claimed.map(({ nextAttemptAt }) => nextAttemptAt),
    Array.from({ length: 80 }, (_, n) => n),
  );
  assert.ok(claimed.every(({ payload }) => payload.equals(large.payload)));
});

test('what was claimed and not settled is due again after a restart, settled events are not', async (t) => {
  const folder = temporaryFolder(t);
  const before = await openIn(folder);
  await Promise.all(['a', 'b', 'c'].map((id) => before.async.add(event(id, 1))));
  assert.equal(claimAll(before.async, 1).length, 3);
  await Promise.all([before.async.settle('a'), before.async.postpone('b', { attempts: 1, nextAttemptAt: 99 })]);
  assert.deepEqual([before.async.count(), before.async.nextDueAt(any)], [2, 99]);
  await before.close();
  const { async, close } = await openIn(folder);
  t.after(close);
  assert.deepEqual(
    claimAll(async, 50).map(({ id }) => id),
    ['c'],
  );
  assert.deepEqual(
    claimAll(async, 99).map(({ id, attempts }) => [id, attempts]),
    [['b', 1]],
  );
  assert.equal(async.count(), 2);
});

test('a thousand events in any order come out in order', async (t) => {
  const { async } = await temporaryStore(t);
  const dues = Array.from({ length: 1000 }, (_, index) => (index * 7919) % 1000);
  await Promise.all(dues.map((due) => async.add(event(`e${due}`, due))));
  const claimed = claimAll(async, 1000).map(({ nextAttemptAt }) => nextAttemptAt);
  assert.deepEqual(
    claimed,
    dues.toSorted((a, b) => a - b),
  );
});

test('functions take turns, and one that may not run holds nobody up', async (t) => {
  const { async } = await temporaryStore(t);
  const of = (functionName: string, id: string, due: number) => async.add({ ...event(id, due), functionName });
  await Promise.all([of('a', 'a1', 1), of('a', 'a2', 2), of('a', 'a3', 3), of('b', 'b1', 4), of('c', 'c1', 5)]);
  const notC = ({ name }: { name: string }) => name !== 'c';
  assert.deepEqual(
    claimAll(async, 9, notC).map(({ id }) => id),
    ['a1', 'b1', 'a2', 'a3'],
  );
  assert.deepEqual([async.nextDueAt(notC), async.nextDueAt(any)], [undefined, 5]);
});

test('the end of an event and what follows from it are one', async (t) => {
  const folder = temporaryFolder(t);
  const before = await openIn(folder);
  await before.async.add(event('cause', 1));
  assert.equal(before.async.claim(1, any)?.id, 'cause');
  await before.async.settle('cause', { events: [{ ...event('told', 5), functionName: 'listener' }] });
  assert.deepEqual([before.async.count(), before.async.nextDueAt(any)], [1, 5]);
  await before.async.settle('cause', { events: [event('twice', 5)] });
  await before.close();
  const { async, close } = await openIn(folder);
  t.after(close);
  assert.deepEqual(
    claimAll(async, 9).map(({ id, functionName }) => [id, functionName]),
    [['told', 'listener']],
  );
});
