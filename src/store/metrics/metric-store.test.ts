import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../base/manual-clock.ts';
import { silentLog } from '../../observe/log.ts';
import { openIn, temporaryFolder } from '../testing/folder.ts';
import { memoryDocuments } from '../testing/memory.ts';
import { scope } from '../testing/records.ts';
import { MetricBuffer } from './metric-buffer.ts';
import { dimensionsOf, type Measured, MetricStore } from './metric-store.ts';

const minute = 60_000;
const measured = (more: Partial<Measured>): Measured => ({
  namespace: 'N',
  name: 'm',
  dimensions: [],
  unit: 'Count',
  at: 0,
  ...more,
});
const value = (number: number) => ({ values: [{ value: number, times: 1 }] });
const asked = { namespace: 'N', name: 'm', dimensions: [], from: 0, to: 10_000 };

function memoryStore(): MetricStore {
  const { database, writer } = memoryDocuments();
  return new MetricStore(database, writer);
}

test('values of one minute are one point, others are other points, in order', async () => {
  const store = memoryStore();
  await Promise.all([
    store.put(scope, [measured({ ...value(1) })]),
    store.put(scope, [measured({ at: minute, ...value(5) }), measured({ at: 59_999, ...value(2) })]),
  ]);
  const points = store.points(scope, asked).map(({ time, aggregate }) => [time, aggregate.count, aggregate.sum]);
  assert.deepEqual(points, [
    [0, 2, 3],
    [60, 1, 5],
  ]);
});

test('metrics are told apart by account, region, dimensions and unit', async () => {
  const store = memoryStore();
  const dimensions = dimensionsOf([
    { Name: 'b', Value: '2' },
    { Name: 'a', Value: '1' },
  ]);
  await store.put(scope, [
    measured(value(1)),
    measured({ dimensions, ...value(2) }),
    measured({ unit: 'Bytes', ...value(4) }),
  ]);
  await store.put({ ...scope, region: 'eu-west-1' }, [measured(value(8))]);
  const sum = (more: object) =>
    store.points(scope, { ...asked, ...more }).reduce((all, { aggregate }) => all + aggregate.sum, 0);
  const sorted = dimensionsOf([
    { Name: 'a', Value: '1' },
    { Name: 'b', Value: '2' },
  ]);
  assert.deepEqual([sum({}), sum({ unit: 'Count' }), sum({ dimensions: sorted })], [5, 1, 2]);
  assert.equal(store.list(scope, {}, 0, 10).length, 2);
});

test('a minute that was begun before a restart goes on', async (t) => {
  const folder = temporaryFolder(t);
  const before = await openIn(folder);
  await before.metrics.put(scope, [measured(value(1))]);
  await before.close();
  const after = await openIn(folder);
  t.after(() => after.close());
  await after.metrics.put(scope, [measured(value(2))]);
  const [point] = after.metrics.points(scope, asked);
  assert.deepEqual([point?.aggregate.count, point?.aggregate.sum], [2, 3]);
});

test('seconds are kept where they are asked for, besides the minutes', async () => {
  const store = memoryStore();
  await store.put(scope, [
    measured({ at: 1000, highResolution: true, ...value(1) }),
    measured({ at: 2000, ...value(1) }),
  ]);
  assert.equal(store.points(scope, { ...asked, highResolution: true }).length, 1);
  assert.equal(store.points(scope, asked)[0]?.aggregate.count, 2);
});

test('what is too old goes, metrics without values with it', async () => {
  const store = memoryStore();
  await store.put(scope, [
    measured({ highResolution: true, ...value(1) }),
    measured({ name: 'n', at: 64 * 86_400_000, ...value(1) }),
  ]);
  await store.expire(4 * 3_600_000);
  assert.equal(store.points(scope, { ...asked, highResolution: true }).length, 0);
  assert.equal(store.points(scope, asked).length, 1);
  await store.expire(64 * 86_400_000);
  assert.deepEqual(
    store.list(scope, {}, 0, 10).map(({ name }) => name),
    ['n'],
  );
  await store.put(scope, [measured({ at: 64 * 86_400_000, ...value(1) })]);
  assert.equal(store.list(scope, {}, 0, 10).length, 2);
});

test('the buffer writes what was added within seconds, summed', async () => {
  const store = memoryStore();
  const clock = new ManualClock();
  const buffer = new MetricBuffer('N', { metrics: store, clock, log: silentLog });
  const dimensions: Measured['dimensions'] = [];
  const series = buffer.series(scope, { name: 'm', unit: 'Count', dimensions });
  for (const number of [1, 2, 3]) series.add(number, 0);
  assert.equal(store.points(scope, asked).length, 0);
  const summed = () => store.points(scope, asked).map(({ aggregate }) => [aggregate.count, aggregate.sum]);
  await clock.advance(5_000);
  await buffer.flush();
  assert.deepEqual(summed(), [[3, 6]]);
  series.add(4, 0);
  series.add(5, minute);
  await buffer.flush();
  assert.deepEqual(summed(), [
    [4, 10],
    [1, 5],
  ]);
});
