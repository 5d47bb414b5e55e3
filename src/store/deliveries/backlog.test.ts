import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backlog, type Place } from './backlog.ts';

function scene() {
  const backlog = new Backlog();
  const places = new Map<number, Place>();
  return {
    add(sequence: number, due: number, place: Place) {
      places.set(sequence, place);
      backlog.add(sequence, due, place);
    },
    claim: (now: number, limit = 100) => backlog.claim(limit, now, (sequence) => places.get(sequence)),
    backlog,
  };
}

test('what is due is claimed once, and told when the next is due', () => {
  const { add, claim, backlog } = scene();
  add(1, 30, { target: 'a' });
  add(2, 10, { target: 'a' });
  add(3, 20, { target: 'b' });
  assert.equal(backlog.nextDueAt(), 10);
  assert.deepEqual(claim(20), [2, 3]);
  assert.deepEqual(claim(20), []);
  assert.deepEqual(claim(30), [1]);
  assert.equal(backlog.nextDueAt(), undefined);
});

test('a slow target does not take the places of others, and goes on when one is free', () => {
  const { add, claim, backlog } = scene();
  for (let sequence = 1; sequence <= 40; sequence += 1) add(sequence, 1, { target: 'slow' });
  add(41, 2, { target: 'other' });
  const first = claim(5);
  assert.equal(first.length, 17);
  assert.ok(first.includes(41));
  assert.deepEqual(claim(5), []);
  backlog.settled(1);
  assert.deepEqual(claim(5), [17]);
  backlog.postponed(2, 9);
  assert.deepEqual(claim(5), [18]);
  backlog.settled(3);
  backlog.settled(4);
  assert.deepEqual(claim(9, 1), [19]);
});

test('a lane is brought one after another, also when its first is tried again', () => {
  const { add, claim, backlog } = scene();
  for (const sequence of [1, 2, 3]) add(sequence, 0, { target: 'q', lane: 'q g' });
  add(4, 0, { target: 'q', lane: 'q h' });
  assert.deepEqual(claim(0), [1, 4]);
  backlog.postponed(1, 10);
  assert.deepEqual(claim(9), []);
  assert.deepEqual(claim(10), [1]);
  backlog.settled(1);
  assert.deepEqual(claim(10), [2]);
  backlog.settled(2);
  assert.deepEqual(claim(10), [3]);
  backlog.settled(3);
  add(5, 11, { target: 'q', lane: 'q g' });
  assert.deepEqual(claim(11), [5]);
});
