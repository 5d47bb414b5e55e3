import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freeTier, priceOf } from './price.ts';
import { type MonthlyUsage, monthlyBills, monthOf } from './usage.ts';

const month = (some: Partial<MonthlyUsage>): MonthlyUsage => ({ ...monthOf('2026-11', []), ...some });
const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) <= expected * 1e-9, `${actual} is not ${expected}`);

// The example of AWS's price page: 3 million requests of 120 ms with 1,536 MB are 540,000 GB-s.
test('a month is priced as on the price page, free tier and all', () => {
  const { listPrice, afterFreeTier } = priceOf(month({ requests: 3e6, gbSecondsX86: 540_000 }));
  near(afterFreeTier.requests, 0.4);
  near(afterFreeTier.compute, 140_000 * 0.0000166667);
  near(listPrice.total, 0.6 + 540_000 * 0.0000166667);
});

test('the free tier covers a small month whole', () => {
  const usage = month({ requests: 1e6, gbSecondsX86: 300_000, gbSecondsArm: 100_000 });
  assert.equal(priceOf(usage).afterFreeTier.total, 0);
});

test('later GB-seconds of a large month cost less', () => {
  const compute = (some: Partial<MonthlyUsage>) => priceOf(month(some)).listPrice.compute;
  near(compute({ gbSecondsX86: 16e9 }), 6e9 * 0.0000166667 + 9e9 * 0.000015 + 1e9 * 0.0000133334);
  near(compute({ gbSecondsArm: 8e9 }), 7.5e9 * 0.0000133334 + 0.5e9 * 0.0000120001);
});

// AWS's example of provisioned concurrency: 1,000 of 1 GB for 4 hours, 1.2 million requests of a second.
test('what is provisioned costs while it waits and while it runs, and is never free', () => {
  const usage = month({
    requests: 1.2e6,
    provisionedRequests: 1.2e6,
    allocatedGbSecondsX86: 14_400_000,
    provisionedGbSecondsX86: 1.2e6,
  });
  const { listPrice, afterFreeTier } = priceOf(usage);
  near(listPrice.provisioned, 14_400_000 * 0.0000041667 + 1.2e6 * 0.0000097222);
  near(listPrice.requests, 0.24);
  assert.deepEqual(afterFreeTier, listPrice);
  assert.deepEqual(freeTier(usage).requests, { used: 0, of: 1_000_000 });
});

test('streams beyond 6 MB and larger folders for /tmp cost what they cost', () => {
  const { listPrice, afterFreeTier } = priceOf(month({ streamedExtraBytes: 110 * 1024 ** 3, storageGbSeconds: 1e6 }));
  near(listPrice.streaming, 0.88);
  near(afterFreeTier.streaming, 0.08);
  near(listPrice.storage, 0.0309);
});

test('days add up to months, by architecture, and provisioned seconds are not counted twice', () => {
  const row = {
    functionName: 'f',
    version: '1',
    day: '2026-11-30',
    architecture: 'x86_64' as const,
    requests: 2,
    extraRequests: 1,
    billedMs: 100,
    gbSeconds: 3,
    initMs: 10.5,
    streamedBytes: 0,
    streamedExtraBytes: 0,
    provisionedRequests: 1,
    provisionedGbSeconds: 1,
    allocatedGbSeconds: 60,
    storageGbSeconds: 0,
  };
  const bills = monthlyBills([{ ...row, day: '2026-12-01' }, row, { ...row, architecture: 'arm64' }]);
  assert.deepEqual(
    bills.map(({ month }) => month),
    ['2026-11', '2026-12'],
  );
  const both = { requests: 6, gbSecondsX86: 2, gbSecondsArm: 2, provisionedGbSecondsArm: 1, allocatedGbSecondsX86: 60 };
  assert.partialDeepStrictEqual(bills[0], { ...both, initMs: 21 });
});
