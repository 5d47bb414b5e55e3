import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../base/manual-clock.ts';
import { record } from '../../store/testing/records.ts';
import type { FunctionVersion } from '../model/function.ts';
import { Admission } from './admit.ts';

function scene(limit = 10) {
  const clock = new ManualClock();
  const admission = new Admission({ limit, clock });
  const version = (name: string, number = '$LATEST'): FunctionVersion => ({ ...record(name).latest, version: number });
  /** How many of so many get in, and what the others hear. */
  const enter = (name: string, tries: number, number?: string) => {
    const answers = Array.from({ length: tries }, () => admission.enter(version(name, number)) ?? 'in');
    return [answers.filter((answer) => answer === 'in').length, answers.find((answer) => answer !== 'in')] as const;
  };
  const leave = (name: string, times: number, number?: string) => {
    for (let n = 0; n < times; n += 1) admission.leave(version(name, number));
  };
  return { clock, admission, enter, leave, key: (name: string) => version(name) };
}

const full = 'ConcurrentInvocationLimitExceeded';
const reserved = 'ReservedFunctionConcurrentInvocationLimitExceeded';

test('functions without a reservation share what is left of the limit', () => {
  const { admission, enter, leave, key } = scene();
  admission.reserve(key('kept'), 4);
  assert.deepEqual(enter('a', 4), [4, undefined]);
  assert.deepEqual(enter('b', 4), [2, full]);
  assert.deepEqual(enter('kept', 5), [4, reserved], 'what is reserved is there although the rest is taken');
  leave('kept', 4);
  assert.deepEqual(enter('b', 1), [0, full], 'and stays there while it is not used');
  leave('a', 1);
  assert.deepEqual(enter('b', 2), [1, full]);
});

test('a reservation counts what already runs, and a release gives back', () => {
  const { admission, enter, leave, key } = scene();
  assert.deepEqual(enter('a', 6), [6, undefined]);
  admission.reserve(key('a'), 3);
  assert.deepEqual(enter('a', 1), [0, reserved]);
  assert.deepEqual(enter('b', 8), [7, full]);
  leave('a', 4);
  assert.deepEqual(enter('a', 2), [1, reserved]);
  admission.reserve(key('a'), undefined);
  assert.deepEqual(enter('a', 2), [0, full], 'three of a and seven of b are all there is');
  leave('b', 7);
  assert.deepEqual(enter('a', 8), [7, full]);
});

test('a reservation of nothing blocks', () => {
  const { admission, enter, key } = scene();
  admission.reserve(key('a'), 0);
  assert.deepEqual([admission.reserved(key('a')), admission.reserved(key('b'))], [0, undefined]);
  assert.deepEqual(enter('a', 1), [0, reserved]);
  admission.forget(key('a'));
  assert.deepEqual(enter('a', 1), [1, undefined]);
});

test('a provisioned version spills over into what others share', () => {
  const { admission, enter, leave, key } = scene();
  admission.provision(key('a'), new Map([['1', 4]]));
  assert.deepEqual(enter('b', 9), [6, full]);
  assert.deepEqual(enter('a', 1), [0, full], 'another version of the function has none of it');
  assert.deepEqual(enter('a', 5, '1'), [4, full]);
  leave('b', 2);
  assert.deepEqual(enter('a', 5, '1'), [2, full]);
  leave('a', 6, '1');
  assert.deepEqual(enter('b', 9), [2, full]);
});

test('within a reservation, what is provisioned is kept from the other versions', () => {
  const { admission, enter, key } = scene();
  admission.reserve(key('a'), 5);
  admission.provision(key('a'), new Map([['1', 3]]));
  assert.deepEqual(enter('a', 5), [2, reserved]);
  assert.deepEqual(enter('a', 5, '1'), [3, reserved]);
  assert.deepEqual(enter('b', 9), [5, full]);
});

test('callers begin ten invocations a second for each reserved place; events have no such rate', async () => {
  const { clock, admission, leave, key } = scene();
  admission.reserve(key('a'), 1);
  const begun = (tries: number, background: boolean) => {
    const answers = Array.from({ length: tries }, () => {
      const answer = admission.enter(key('a'), background);
      if (answer === undefined) leave('a', 1);
      return answer;
    });
    return [answers.filter((answer) => answer === undefined).length, answers.find((answer) => answer !== undefined)];
  };
  assert.deepEqual(begun(12, false), [10, 'ReservedFunctionInvocationRateLimitExceeded']);
  assert.deepEqual(begun(12, true), [12, undefined]);
  await clock.advance(500);
  assert.deepEqual(begun(12, false), [5, 'ReservedFunctionInvocationRateLimitExceeded']);
});

test('a function grows by a thousand at once, and by a hundred more a second; what has run may run again', async () => {
  const { clock, admission, enter, leave, key } = scene(5000);
  assert.deepEqual(enter('a', 1500), [1000, full]);
  assert.deepEqual(enter('b', 1500), [1000, full], 'each function has its own');
  await clock.advance(2000);
  assert.deepEqual(enter('a', 500), [200, full]);
  leave('a', 700);
  assert.deepEqual(enter('a', 900), [700, full]);
  await clock.advance(60_000);
  assert.deepEqual(enter('a', 2000), [1000, full], 'and no more is saved up');
  admission.reserve(key('c'), 1200);
  assert.deepEqual(enter('c', 1200)[0], 1000);
});

test('accounts and regions do not meet', () => {
  const { admission, enter, key } = scene(1);
  assert.deepEqual(enter('a', 1), [1, undefined]);
  assert.equal(admission.enter({ ...key('a'), region: 'eu-west-1' }), undefined);
  assert.equal(admission.enter({ ...key('a'), accountId: '111111111111' }), undefined);
});
