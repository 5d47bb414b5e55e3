import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../base/manual-clock.ts';
import { version as versionOf } from '../../store/testing/records.ts';
import type { MeteredAllocation } from '../invoke/meter.ts';
import { ProvisionedMeter } from './provisioned-meter.ts';

test('what is there is billed for as long as it was there, also between two looks', async () => {
  const clock = new ManualClock();
  const allocated: MeteredAllocation[] = [];
  let ready = 2;
  const version = versionOf('ahead', 'r1', 'aa');
  const meter = new ProvisionedMeter({
    clock,
    meter: { record() {}, allocated: (allocation) => allocated.push(allocation) },
    made: () => [[version, ready]],
  });
  const total = () => allocated.reduce((sum, { allocatedMs }) => sum + allocatedMs, 0);
  meter.look();
  assert.equal(total(), 0, 'nothing before it began');
  meter.begin();
  await clock.advance(12_000);
  meter.look();
  assert.equal(total(), 2 * 12_000);
  ready = 5;
  await clock.advance(1_000);
  meter.stop();
  assert.equal(total(), 2 * 12_000 + 5 * 1_000);
  await clock.advance(60_000);
  assert.equal(total(), 2 * 12_000 + 5 * 1_000, 'nothing after it was stopped');
  assert.partialDeepStrictEqual(allocated[0], { functionName: 'ahead', version: '$LATEST', memorySizeMb: 128 });
});
