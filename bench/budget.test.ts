import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, readBudget } from './budget.ts';
import type { Row } from './cases/case.ts';

const rows: Row[] = [
  { subject: 'lambent', of: 'echo', rounds: [{ perSecond: 10 }, { perSecond: 900 }, { perSecond: 800 }] },
  { subject: 'peer', of: 'echo', rounds: [{ perSecond: 100 }] },
];
const promised = { case: 'load', subject: 'lambent', of: 'echo', figure: 'perSecond' };

test('a promise is judged by the median, and by the peer of the same run', () => {
  const met = (more: object) => judge('load', rows, [{ ...promised, ...more }]).map((verdict) => verdict.met);
  assert.deepEqual(met({ atLeast: 800 }), [true]);
  assert.deepEqual(met({ atLeast: 801 }), [false]);
  assert.deepEqual(met({ atMost: 799 }), [false]);
  assert.deepEqual(met({ timesPeer: 8 }), [true]);
  assert.deepEqual(met({ timesPeer: 8.1 }), [false]);
});

test('a difference may be less than nothing', () => {
  const round = { subject: 'lambent', of: 'echo', rounds: [{ overInvokeMs: -0.1 }] } as const;
  const [verdict] = judge('load', [round], [{ ...promised, figure: 'overInvokeMs', atMost: 0.15 }]);
  assert.equal(verdict?.met, true);
});

test('what was not measured is not met', () => {
  const [verdict] = judge('load', [{ subject: 'lambent', of: 'echo', rounds: [] }], [{ ...promised, atMost: 1 }]);
  assert.deepEqual([verdict?.met, verdict?.measured], [false, undefined]);
});

test('every promise has one bound', () => {
  for (const { atMost, atLeast, timesPeer, ...rest } of readBudget()) {
    const bounds = [atMost, atLeast, timesPeer].filter((bound) => bound !== undefined);
    assert.equal(bounds.length, 1, JSON.stringify(rest));
  }
});
