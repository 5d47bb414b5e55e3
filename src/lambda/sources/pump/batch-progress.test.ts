import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StreamRecord } from '../stream.ts';
import { type Attempt, aged, type Progress, progress, type RetryPolicy } from './batch-progress.ts';
import type { BatchOutcome } from './invoker.ts';

const invocation = { requestId: 'r', executedVersion: '1' };
const answer = Buffer.alloc(0);
const outcomes: Record<string, BatchOutcome> = {
  taken: { kind: 'taken', failed: new Set(), invocation, answer },
  'c failed': { kind: 'taken', failed: new Set(['c']), invocation, answer },
  'd and b failed': { kind: 'taken', failed: new Set(['d', 'b']), invocation, answer },
  failed: { kind: 'failed', why: 'x', invocation },
  'not asked': { kind: 'later', why: 'x' },
};

const policies: Record<string, RetryPolicy> = {
  'for ever': { retriesMax: -1, ageMsMax: -1, bisect: false },
  'no retries': { retriesMax: 0, ageMsMax: -1, bisect: false },
  'one retry': { retriesMax: 1, ageMsMax: -1, bisect: false },
  'one retry, halving': { retriesMax: 1, ageMsMax: -1, bisect: true },
};

const records = (ids: string): StreamRecord[] =>
  [...ids].map((id, index) => ({ id, key: id, json: '', filterable: {}, position: id, arrivedAt: index * 1000 }));

function shown({ again, waits, givenUp }: Progress): string {
  const attempts = again.map(({ records, failures }) => `${records.map(({ id }) => id).join('')}(${failures})`);
  const lost = givenUp && `gives up ${givenUp.records.map(({ id }) => id).join('')}: ${givenUp.condition}`;
  const parts = [attempts.length > 0 ? `again ${attempts.join(' ')}` : '', waits ? 'waits' : '', lost ?? ''];
  return parts.filter((part) => part !== '').join(', ') || 'done';
}

/** policy · records(failures so far) · outcome → what follows */
const expected = `
for ever            abcd(0) taken → done · c failed → again cd(1), waits · d and b failed → again bcd(1), waits · failed → again abcd(1), waits · not asked → again abcd(0), waits
for ever            c(9)    taken → done · c failed → again c(10), waits · d and b failed → done · failed → again c(10), waits · not asked → again c(9), waits
no retries          abcd(0) taken → done · c failed → gives up cd: RetryAttemptsExhausted · d and b failed → gives up bcd: RetryAttemptsExhausted · failed → gives up abcd: RetryAttemptsExhausted · not asked → again abcd(0), waits
one retry           abcd(1) taken → done · c failed → gives up cd: RetryAttemptsExhausted · d and b failed → gives up bcd: RetryAttemptsExhausted · failed → gives up abcd: RetryAttemptsExhausted · not asked → again abcd(1), waits
one retry, halving  abcd(0) taken → done · c failed → again c(0) d(0) · d and b failed → again bc(0) d(0) · failed → again ab(0) cd(0) · not asked → again abcd(0), waits
one retry, halving  c(0)    taken → done · c failed → again c(1), waits · d and b failed → done · failed → again c(1), waits · not asked → again c(0), waits
one retry, halving  c(1)    taken → done · c failed → gives up c: RetryAttemptsExhausted · d and b failed → done · failed → gives up c: RetryAttemptsExhausted · not asked → again c(1), waits
`;

test('every policy against every outcome', () => {
  const rows: [string, string, number][] = [
    ['for ever', 'abcd', 0],
    ['for ever', 'c', 9],
    ['no retries', 'abcd', 0],
    ['one retry', 'abcd', 1],
    ['one retry, halving', 'abcd', 0],
    ['one retry, halving', 'c', 0],
    ['one retry, halving', 'c', 1],
  ];
  const lines = rows.map(([name, ids, failures]) => {
    const policy = policies[name];
    assert.ok(policy);
    const attempt: Attempt = { records: records(ids), failures };
    const each = Object.entries(outcomes).map(
      ([title, outcome]) => `${title} → ${shown(progress(attempt, outcome, policy))}`,
    );
    return `${name.padEnd(19)} ${`${ids}(${failures})`.padEnd(7)} ${each.join(' · ')}`;
  });
  assert.equal(`\n${lines.join('\n')}\n`, expected);
});

test('records that are too old are given up before they are tried, the others are not', () => {
  const policy = { retriesMax: -1, ageMsMax: 60_000, bisect: false };
  const attempt: Attempt = { records: records('abc'), failures: 2 };
  assert.equal(aged(attempt, policy, 60_000), undefined);
  const some = aged(attempt, policy, 61_500);
  assert.ok(some);
  assert.equal(shown(some), 'again c(2), gives up ab: RecordAgeExceeded');
  const all = aged(attempt, policy, 90_000);
  assert.ok(all);
  assert.equal(shown(all), 'gives up abc: RecordAgeExceeded');
  assert.equal(aged(attempt, { ...policy, ageMsMax: -1 }, 1e12), undefined);
});
