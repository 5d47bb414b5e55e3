import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Judged, judge } from './judge.ts';

const none = undefined;
type Case = [values: (number | undefined)[], more: Partial<Judged>, state: ReturnType<typeof judge>];

const cases: Case[] = [
  [[11], {}, 'ALARM'],
  [[10], {}, 'OK'],
  [[10], { comparison: 'GreaterThanOrEqualToThreshold' }, 'ALARM'],
  [[9], { comparison: 'LessThanThreshold' }, 'ALARM'],
  [[10], { comparison: 'LessThanOrEqualToThreshold' }, 'ALARM'],
  [[11, 1, 11], { datapointsToAlarm: 2 }, 'ALARM'],
  [[11, 1, 1], { datapointsToAlarm: 2 }, 'OK'],
  [[11], { current: 'ALARM' }, none],
  [[1], { current: 'OK' }, none],
  [[none], { current: 'OK' }, 'INSUFFICIENT_DATA'],
  [[none, none], { current: 'INSUFFICIENT_DATA' }, none],
  [[none, 1], { current: 'ALARM' }, 'OK'],
  [[none], { missing: 'breaching' }, 'ALARM'],
  [[none, 1, none], { missing: 'breaching', datapointsToAlarm: 2 }, 'ALARM'],
  [[none], { missing: 'notBreaching' }, 'OK'],
  [[none, 11], { missing: 'notBreaching', datapointsToAlarm: 2 }, 'OK'],
  [[none], { missing: 'ignore', current: 'ALARM' }, none],
];

for (const [values, more, state] of cases) {
  test(`judge ${JSON.stringify(values)} ${JSON.stringify(more)}: ${state ?? 'stays'}`, () => {
    const usual = {
      threshold: 10,
      comparison: 'GreaterThanThreshold',
      datapointsToAlarm: 1,
      missing: 'missing',
    } as const;
    assert.equal(judge({ ...usual, current: 'INSUFFICIENT_DATA', ...more, values }), state);
  });
}
