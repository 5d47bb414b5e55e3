import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addStatistics, addValue, emptyAggregate, merge, percentile } from './aggregate.ts';

function of(values: readonly number[]) {
  const aggregate = emptyAggregate();
  for (const value of values) addValue(aggregate, value);
  return aggregate;
}

test('count, sum, least and greatest of the values', () => {
  const { count, sum, min, max } = of([3, -1, 4]);
  assert.deepEqual([count, sum, min, max], [3, 6, -1, 4]);
});

test('percentiles are at most one percent off, whatever the size and sign of the values', () => {
  for (const scale of [1e-6, 1, 1e9, -5]) {
    const aggregate = of(Array.from({ length: 1000 }, (_, index) => (index + 1) * scale));
    for (const percent of [1, 50, 90, 99]) {
      const exact = (scale > 0 ? percent * 10 : 1001 - percent * 10) * scale;
      const found = percentile(aggregate, percent) ?? Number.NaN;
      assert.ok(Math.abs(found - exact) <= Math.abs(exact) * 0.011, `p${percent} of ${scale}: ${found}, not ${exact}`);
    }
  }
});

test('zero is a value as others are, and the ends are exact', () => {
  const aggregate = of([0, 0, 0, 10]);
  assert.deepEqual([percentile(aggregate, 50), percentile(aggregate, 100), percentile(aggregate, 0)], [0, 10, 0]);
});

test('a set of statistics has no percentiles, unless all its values are the same', () => {
  const set = emptyAggregate();
  addStatistics(set, { count: 4, sum: 10, min: 1, max: 4 });
  assert.equal(percentile(set, 50), undefined);
  const equal = emptyAggregate();
  addStatistics(equal, { count: 4, sum: 12, min: 3, max: 3 });
  assert.equal(percentile(equal, 50), 3);
});

test('what is merged is as what was added together', () => {
  const whole = of([1, 2]);
  merge(whole, of([3, -4]));
  assert.deepEqual(whole, of([1, 2, 3, -4]));
});
