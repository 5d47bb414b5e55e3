import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../base/clock.ts';
import type { LogEvent } from '../../observe/function-log.ts';
import { EnvironmentLog } from './environment-log.ts';

function collecting(clock = systemClock) {
  const events: LogEvent[] = [];
  const target = { accountId: '000000000000', region: 'us-east-1', group: 'g', stream: 's' };
  const log = new EnvironmentLog({ append: (_target, more) => events.push(...more) }, target, clock);
  return {
    log,
    times: () => events.map(({ timestamp }) => timestamp),
    messages: () => events.map(({ message }) => message),
  };
}

test('raw output becomes one event a line, whatever the chunks', () => {
  const { log, messages } = collecting();
  for (const chunk of ['one\ntw', 'o\n', 'thr\u00e9']) log.raw(Buffer.from(chunk));
  log.endOutput();
  log.flush();
  assert.deepEqual(messages(), ['one\n', 'two\n', 'thr\u00e9\n']);
});

test('a character cut in two by a chunk stays whole', () => {
  const { log, messages } = collecting();
  const bytes = Buffer.from('\u{1F525}\n');
  log.raw(bytes.subarray(0, 2));
  log.raw(bytes.subarray(2));
  log.flush();
  assert.deepEqual(messages(), ['\u{1F525}\n']);
});

test('a line without an end is cut into events that CloudWatch takes', () => {
  const { log, messages } = collecting();
  log.raw(Buffer.alloc(600 * 1024, 'x'));
  log.endOutput();
  log.flush();
  assert.deepEqual(
    messages().map(({ length }) => length - 1),
    [256 * 1024, 256 * 1024, 88 * 1024],
  );
});

test('the tail is the last 4 KB since it was asked for', () => {
  const { log } = collecting();
  log.add('before');
  log.beginTail();
  for (let n = 0; n < 1000; n += 1) log.add(`line ${n}`);
  const tail = log.endTail().toString();
  assert.equal(tail.length, 4096);
  assert.ok(tail.endsWith('line 998\nline 999\n'));
  log.beginTail();
  log.add('only');
  assert.equal(log.endTail().toString(), 'only\n');
});

test('times that a sandbox claims never go back and never lie ahead', () => {
  const { log, times } = collecting({ ...systemClock, now: () => 1000 });
  for (const claimed of [900, 100, -5, 950, 2 ** 60, 10]) log.add('x', claimed);
  log.flush();
  assert.deepEqual(times(), [900, 900, 900, 950, 1000, 1000]);
});
