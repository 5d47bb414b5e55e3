import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openIn, temporaryFolder, temporaryStore } from '../testing/folder.ts';
import { event } from '../testing/records.ts';

test('events are claimed when they are due, soonest first, and once', async (t) => {
  const { async } = await temporaryStore(t);
  await Promise.all([async.add(event('late', 30)), async.add(event('soon', 10)), async.add(event('later', 50))]);
  assert.equal(async.nextDueAt(), 10);
  assert.deepEqual(
    async.claim(5, 40).map(({ id }) => id),
    ['soon', 'late'],
  );
  assert.deepEqual(async.claim(5, 40), []);
  assert.deepEqual([async.nextDueAt(), async.count()], [50, 3]);
});

test('an event comes back as it was given', async (t) => {
  const { async } = await temporaryStore(t);
  const given = { ...event('e', 1), qualifier: '$LATEST', traceHeader: 'Root=1', payload: Buffer.from([0, 255]) };
  await async.add(given);
  assert.deepEqual(async.claim(1, 1), [given]);
});

test('what was claimed and not settled is due again after a restart, settled events are not', async (t) => {
  const folder = temporaryFolder(t);
  const before = await openIn(folder);
  await Promise.all(['a', 'b', 'c'].map((id) => before.async.add(event(id, 1))));
  assert.equal(before.async.claim(3, 1).length, 3);
  await Promise.all([before.async.settle('a'), before.async.postpone('b', { attempts: 1, nextAttemptAt: 99 })]);
  assert.deepEqual([before.async.count(), before.async.nextDueAt()], [2, 99]);
  await before.close();
  const { async, close } = await openIn(folder);
  t.after(close);
  assert.deepEqual(
    async.claim(5, 50).map(({ id }) => id),
    ['c'],
  );
  assert.deepEqual(
    async.claim(5, 99).map(({ id, attempts }) => [id, attempts]),
    [['b', 1]],
  );
  assert.equal(async.count(), 2);
});

test('a thousand events in any order come out in order', async (t) => {
  const { async } = await temporaryStore(t);
  const dues = Array.from({ length: 1000 }, (_, index) => (index * 7919) % 1000);
  await Promise.all(dues.map((due) => async.add(event(`e${due}`, due))));
  const claimed = async.claim(1000, 1000).map(({ nextAttemptAt }) => nextAttemptAt);
  assert.deepEqual(
    claimed,
    dues.toSorted((a, b) => a - b),
  );
});
