import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LogRules, showsEvent, showsLine } from './log-rules.ts';
import type { PlatformEvent, Status, SystemLevel } from './platform-events.ts';

const runtimeDone = (status: Status): PlatformEvent => ({
  type: 'platform.runtimeDone',
  record: { requestId: 'r', status, metrics: { durationMs: 1 } },
});
const start: PlatformEvent = { type: 'platform.start', record: { requestId: 'r', version: '1' } };

test('each system level shows what is at least as important', () => {
  const shown = (system: SystemLevel) =>
    [runtimeDone('success'), start, runtimeDone('timeout')].map((event) => showsEvent({ json: true, system }, event));
  assert.deepEqual(shown('DEBUG'), [true, true, true]);
  assert.deepEqual(shown('INFO'), [false, true, true]);
  assert.deepEqual(shown('WARN'), [false, false, true]);
});

const line = (level: unknown, timestamp: unknown = '2026-11-24T01:02:03.456Z') => JSON.stringify({ level, timestamp });
const cases: [line: string, least: string, shown: boolean][] = [
  [line('DEBUG'), 'INFO', false],
  [line('debug'), 'DEBUG', true],
  [line('error'), 'ERROR', true],
  [line('WARN', '2026-11-24T01:02:03+01:00'), 'ERROR', false],
  // What is no line of a level counts as INFO.
  [line('ERROR', 'yesterday'), 'WARN', false],
  [line('ERROR', null), 'WARN', false],
  [line(7), 'INFO', true],
  [line('LOUD'), 'INFO', true],
  ['plain text', 'INFO', true],
  ['plain text', 'WARN', false],
  ['{"level":"ERROR"', 'WARN', false],
  ['null', 'INFO', true],
];
for (const [text, application, shown] of cases) {
  test(`of a log from ${application} on, ${text} is ${shown ? 'shown' : 'left out'}`, () => {
    const rules: LogRules = { json: true, system: 'INFO', application };
    assert.equal(showsLine(rules, text), shown);
  });
}
