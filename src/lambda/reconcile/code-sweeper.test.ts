import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../base/manual-clock.ts';
import { silentLog } from '../../observe/log.ts';
import { CodeSweeper } from './code-sweeper.ts';

const minuteMs = 60_000;

function sweeping(outcomes: (number | Error)[]) {
  const clock = new ManualClock();
  const sweeps: number[] = [];
  const needed = new Set(['a']);
  const code = {
    async sweep(keep: ReadonlySet<string>) {
      assert.equal(keep, needed);
      sweeps.push(clock.monotonic() / minuteMs);
      const outcome = outcomes.shift() ?? 0;
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
  };
  const functions = { referencedCode: () => needed };
  return { clock, sweeps, sweeper: new CodeSweeper({ code, functions, clock, log: silentLog }) };
}

async function minutes(clock: ManualClock, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await clock.advance(minuteMs);
}

test('many changes make one sweep, and changes that go on do not put it off', async () => {
  const { clock, sweeps, sweeper } = sweeping([]);
  const start = clock.monotonic() / minuteMs;
  for (let n = 0; n < 6; n += 1) {
    sweeper.kick();
    sweeper.kick();
    await minutes(clock, 1);
  }
  assert.deepEqual(
    sweeps.map((at) => at - start),
    [2, 4, 6],
  );
});

test('what is still held, or could not be removed, is looked at again; nothing else is', async () => {
  const { clock, sweeps, sweeper } = sweeping([1, new Error('disk'), 0]);
  const start = clock.monotonic() / minuteMs;
  await sweeper.sweep();
  await minutes(clock, 100);
  assert.deepEqual(
    sweeps.map((at) => at - start),
    [0, 15, 30],
  );
});

test('a sweeper that is closed does nothing more', async () => {
  const { clock, sweeps, sweeper } = sweeping([]);
  sweeper.kick();
  await sweeper.close();
  sweeper.kick();
  await minutes(clock, 10);
  assert.deepEqual(sweeps, []);
});
