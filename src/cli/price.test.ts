import assert from 'node:assert/strict';
import { test } from 'node:test';
import { billedPrice, dollars, listPrice } from './price.ts';

const month = { month: '2026-11', requests: 0, gbSecondsX86: 0, gbSecondsArm: 0 };
const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) <= expected * 1e-9, `${actual} is not ${expected}`);

// The example of AWS's price page: 3 million requests of 120 ms with 1,536 MB are 540,000 GB-s.
test('a month is priced as on the price page, free tier and all', () => {
  const usage = { ...month, requests: 3e6, gbSecondsX86: 540_000 };
  near(billedPrice(usage).requests, 0.4);
  near(billedPrice(usage).compute, 140_000 * 0.0000166667);
  near(listPrice(usage).total, 0.6 + 540_000 * 0.0000166667);
});

test('the free tier covers a small month whole', () => {
  assert.equal(billedPrice({ ...month, requests: 1e6, gbSecondsX86: 300_000, gbSecondsArm: 100_000 }).total, 0);
});

test('later GB-seconds of a large month cost less', () => {
  near(listPrice({ ...month, gbSecondsX86: 16e9 }).compute, 6e9 * 0.0000166667 + 9e9 * 0.000015 + 1e9 * 0.0000133334);
  near(listPrice({ ...month, gbSecondsArm: 8e9 }).compute, 7.5e9 * 0.0000133334 + 0.5e9 * 0.0000120001);
});

test('small amounts keep their first two digits', () => {
  assert.equal(dollars(0), '$0.00');
  assert.equal(dollars(1.254), '$1.25');
  assert.equal(dollars(0.000_000_421), '$0.00000042');
});
