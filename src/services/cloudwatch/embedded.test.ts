import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measuredIn } from './embedded.ts';

const now = 1_800_000_000_000;
const line = (more: object, directive: object = {}) =>
  JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        { Namespace: 'shop', Dimensions: [['city']], Metrics: [{ Name: 'orders', Unit: 'Count' }], ...directive },
      ],
    },
    city: 'Bern',
    orders: 3,
    ...more,
  });
const found = (message: string) => measuredIn({ message, timestamp: now }, now);

test('a line of the embedded metric format is a metric with its dimensions', () => {
  assert.deepEqual(found(line({})), [
    {
      namespace: 'shop',
      name: 'orders',
      unit: 'Count',
      at: now,
      dimensions: [{ Name: 'city', Value: 'Bern' }],
      values: [{ value: 3, times: 1 }],
      highResolution: false,
    },
  ]);
});

test('what stands before the line, as a runtime writes it, is passed over', () => {
  assert.equal(found(`2026-11-26T00:00:00.000Z\tid\tINFO\t${line({})}`).length, 1);
});

test('a list of values is many values, and each set of dimensions a metric', () => {
  const [first, second] = found(line({ orders: [1, 2] }, { Dimensions: [[], ['city']] }));
  assert.deepEqual(
    first?.values?.map(({ value }) => value),
    [1, 2],
  );
  assert.deepEqual([first?.dimensions.length, second?.dimensions.length], [0, 1]);
});

for (const message of [
  'plain text',
  '{"CloudWatchMetrics"',
  line({ orders: 'many' }),
  line({}, { Metrics: 'none' }),
  line({}, { Namespace: 7 }),
  JSON.stringify({ _aws: { CloudWatchMetrics: null } }),
  JSON.stringify({ _aws: 'CloudWatchMetrics' }),
]) {
  test(`no metric is in ${message.slice(0, 60)}`, () => assert.deepEqual(found(message), []));
}
