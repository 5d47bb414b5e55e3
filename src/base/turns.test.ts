import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deferred } from './deferred.ts';
import { Turns } from './turns.ts';

test('one key takes turns, in order and past failures; others do not wait', async () => {
  const turns = new Turns();
  const order: string[] = [];
  const gate = deferred<void>();
  const first = turns.take('a', async () => {
    await gate.promise;
    order.push('first');
    throw new Error('no');
  });
  const second = turns.take('a', async () => order.push('second'));
  await turns.take('b', async () => order.push('other'));
  gate.resolve();
  await assert.rejects(first, /^Error: no$/);
  await second;
  await turns.take('a', async () => order.push('third'));
  assert.deepEqual(order, ['other', 'first', 'second', 'third']);
});
