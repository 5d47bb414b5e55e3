import assert from 'node:assert/strict';
import { test } from 'node:test';
import { daysBetween, periodStart, usedIn } from './usage-period.ts';

const at = (day: string) => Date.parse(`${day}T12:00:00Z`);

test('periods begin with the day, with Sunday, with the month, and later by their offset', () => {
  const cases = [
    ['DAY', 0, '2026-03-05', '2026-03-05'],
    ['WEEK', 0, '2026-03-05', '2026-03-01'],
    ['WEEK', 0, '2026-03-01', '2026-03-01'],
    ['WEEK', 3, '2026-03-05', '2026-03-04'],
    ['WEEK', 5, '2026-03-05', '2026-02-27'],
    ['MONTH', 0, '2026-03-05', '2026-03-01'],
    ['MONTH', 9, '2026-03-05', '2026-02-10'],
    ['MONTH', 9, '2026-01-05', '2025-12-10'],
  ] as const;
  for (const [period, offset, day, start] of cases) {
    assert.equal(periodStart({ period, offset }, at(day)), start, `${period} ${offset} ${day}`);
  }
});

test('what was used counts from the start on, and grants count for their period', () => {
  const record = { days: { '2026-03-01': 2, '2026-03-02': 3 }, extra: { '2026-03-02': 7 } };
  assert.deepEqual(usedIn(record, '2026-03-02'), { used: 3, extra: 7 });
  assert.deepEqual(usedIn(record, '2026-03-01'), { used: 5, extra: 0 });
});

test('days between dates that are none are none', () => {
  assert.deepEqual(daysBetween('2026-02-27', '2026-03-01'), ['2026-02-27', '2026-02-28', '2026-03-01']);
  assert.deepEqual(daysBetween('x', '2026-03-01'), []);
});
