import assert from 'node:assert/strict';
import { test } from 'node:test';
import { insist } from './insist.ts';
import { ManualClock } from './manual-clock.ts';

function scene(failures: number) {
  const clock = new ManualClock();
  const stop = new AbortController();
  const failed: unknown[] = [];
  let tries = 0;
  const act = async () => {
    tries += 1;
    if (tries <= failures) throw new Error(`no ${tries}`);
  };
  const how = {
    clock,
    waitMs: 1_000,
    triesMax: 3,
    signal: stop.signal,
    failed: (error: unknown) => failed.push(error),
  };
  const done = insist(act, how).then(
    () => 'done',
    (error: Error) => error.message,
  );
  return { clock, stop, done, failed, tries: () => tries };
}

test('insisting waits between tries, and ends with the first that succeeds', async () => {
  const { clock, done, failed, tries } = scene(2);
  await clock.advance(1_500);
  assert.equal(tries(), 2);
  await clock.advance(1_000);
  assert.deepEqual([await done, tries(), failed.length], ['done', 3, 2]);
});

test('insisting fails as its last try did', async () => {
  const { clock, done, failed } = scene(9);
  await clock.advance(10_000);
  assert.deepEqual([await done, failed.length], ['no 3', 2]);
});

test('insisting ends when nobody needs it any more', async () => {
  const { clock, stop, done, tries } = scene(9);
  await clock.advance(500);
  stop.abort(new Error('it stops'));
  assert.deepEqual([await done, tries()], ['it stops', 1]);
});
