import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DueQueue } from './due-queue.ts';

test('the soonest comes first, and of the same time who came first', () => {
  const queue = new DueQueue();
  const given = Array.from({ length: 500 }, (_, sequence) => ({ due: (sequence * 7919) % 23, sequence }));
  for (const { due, sequence } of given) queue.add(due, sequence);
  assert.deepEqual([queue.size, queue.soonest], [500, 0]);
  const sorted = given.sort((a, b) => a.due - b.due || a.sequence - b.sequence).map(({ sequence }) => sequence);
  assert.deepEqual(
    given.map(() => queue.take()),
    sorted,
  );
  assert.deepEqual([queue.take(), queue.soonest, queue.size], [undefined, undefined, 0]);
});
