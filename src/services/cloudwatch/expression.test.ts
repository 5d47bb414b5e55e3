import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate } from './expression.ts';

const known: Record<string, Map<number, number>> = {
  m1: new Map([
    [0, 1],
    [60, 2],
  ]),
  m2: new Map([
    [0, 4],
    [120, 8],
  ]),
};
const names = {
  series: (id: string) => known[id] ?? new Map(),
  metrics: (text: string) => Object.keys(known).flatMap((id) => (id.includes(text) ? (known[id] ?? []) : [])),
  periodSeconds: 60,
  times: [0, 60, 120],
};
const plain = (value: unknown) => (value instanceof Map ? Object.fromEntries(value) : value);

const cases: [expression: string, expected: unknown][] = [
  ['1 + 2 * 3', 7],
  ['(1 + 2) * 3', 9],
  ['-2 - -3', 1],
  ['m1 * 10', { 0: 10, 60: 20 }],
  ['100 * (m1 / m2)', { 0: 25 }],
  ['m1 / 0', {}],
  ['SUM([m1, m2])', { 0: 5, 60: 2, 120: 8 }],
  ['MAX([m1, m2])', { 0: 4, 60: 2, 120: 8 }],
  ['AVG(m1)', 1.5],
  ['m1 - MIN(m1)', { 0: 0, 60: 1 }],
  ['FILL(m1, 0)', { 0: 1, 60: 2, 120: 0 }],
  ['m1 / PERIOD(m1)', { 0: 1 / 60, 60: 2 / 60 }],
  ['SUM(METRICS())', { 0: 5, 60: 2, 120: 8 }],
  ['SUM(METRICS("2"))', { 0: 4, 120: 8 }],
  ["SUM(FILL(METRICS('m'), 1))", { 0: 5, 60: 3, 120: 9 }],
  ['FILL(m2, REPEAT)', { 0: 4, 60: 4, 120: 8 }],
  ['m1 > 1', { 0: 0, 60: 1 }],
  ['m1 >= 1 AND m2 == 4', { 0: 1 }],
  ['1 + 1 < 3 && 0 || 2 != 2', 0],
  ['IF(m1 > 1, 10 * m1, 0)', { 0: 0, 60: 20 }],
  ['IF(m1 > 1, m1)', { 60: 2 }],
  ['IF(0, m1, m2)', { 0: 4, 120: 8 }],
  ['2 * 3 ^ 2', 18],
  ['-2 ^ 2', -4],
  ['ABS(1 - m1) + CEIL(m1 / 4) + FLOOR(0.9)', { 0: 1, 60: 2 }],
  ['DIFF(m2)', { 120: 4 }],
  ['RATE(m2)', { 120: 4 / 120 }],
];

for (const [expression, expected] of cases) {
  test(`metric math: ${expression}`, () => assert.deepEqual(plain(evaluate(expression, names)), expected));
}

const wrong: [expression: string, words: RegExp][] = [
  ['m1 +', /its end is unexpected/],
  ['m1 $ 2', /\$ is not understood/],
  ['ANOMALY_DETECTION_BAND(m1)', /unexpected|not there yet/],
  ['[m1] + 1', /a list stands/],
  ['METRICS(m1)', /unexpected/],
  ['"m1', /" is not understood/],
  ['FILL(m1)', /unexpected/],
  ['DIFF(1)', /a number stands/],
  ['('.repeat(100), /nested too deeply/],
];

for (const [expression, words] of wrong) {
  test(`metric math refuses: ${expression.slice(0, 30)}`, () => {
    assert.throws(() => evaluate(expression, names), { name: 'InvalidParameterValueException', message: words });
  });
}
