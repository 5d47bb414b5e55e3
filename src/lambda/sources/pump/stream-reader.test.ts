import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deferred } from '../../../base/deferred.ts';
import { ManualClock } from '../../../base/manual-clock.ts';
import { systemRandom } from '../../../base/random.ts';
import { silentLog } from '../../../observe/log.ts';
import type { InvokeResult } from '../../invoke/door.ts';
import type { FunctionVersion } from '../../model/function.ts';
import type { Mapping } from '../../model/mapping/mapping.ts';
import { compileFilters } from '../filter/filters.ts';
import { MemoryCheckpoints, MemoryStream } from '../testing/stream.ts';
import type { RetryPolicy } from './batch-progress.ts';
import { Invoker } from './invoker.ts';
import { StreamReader } from './stream-reader.ts';

const success: InvokeResult = { kind: 'success', payload: Buffer.from('null') };
const failure: InvokeResult = { kind: 'function-error', payload: Buffer.from('{}') };
const throttled: InvokeResult = { kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded' };

interface Options {
  readonly recordsMax?: number;
  readonly windowMs?: number;
  readonly parallel?: number;
  readonly policy?: Partial<RetryPolicy>;
  readonly pattern?: string;
  readonly answer?: (ids: string[]) => InvokeResult | Promise<InvokeResult>;
}

function world({ recordsMax = 10, windowMs = 0, parallel = 1, policy, pattern, answer = () => success }: Options = {}) {
  const clock = new ManualClock();
  const source = new MemoryStream(clock);
  const checkpoints = new MemoryCheckpoints();
  const invoked: string[] = [];
  const lost: string[] = [];
  const running = { now: 0, most: 0 };
  const mapping = {
    configuration: { FunctionResponseTypes: ['ReportBatchItemFailures'] },
    functionName: 'f',
  } as Mapping;
  const version = { version: '1', state: { value: 'Active' }, configuration: { timeoutSeconds: 3 } } as FunctionVersion;
  const door = {
    async invoke({ payload }: { payload: Buffer }) {
      const ids = JSON.parse(payload.toString()).Records.map(({ id }: { id: string }) => id);
      invoked.push(ids.join(''));
      running.now += 1;
      running.most = Math.max(running.most, running.now);
      const result = await answer(ids);
      running.now -= 1;
      return result;
    },
  };
  const make = () =>
    new StreamReader({
      source,
      invoker: new Invoker({ door, random: systemRandom, resolve: () => version }, mapping, source.envelope),
      filter: pattern === undefined ? undefined : compileFilters({ Filters: [{ Pattern: pattern }] }, ['body']),
      checkpoints,
      recordsMax,
      windowMs,
      parallel,
      tumblingMs: 0,
      sourceArn: 'arn',
      policy: { retriesMax: -1, ageMsMax: -1, bisect: false, ...policy },
      clock,
      giveUp: async (lane, { records, condition, failures }) => {
        lost.push(`${lane} ${records.map(({ id }) => id).join('')} ${condition} ${failures}`);
      },
      log: silentLog,
      arn: 'arn',
      count: () => {},
    });
  const ended = async (reader: StreamReader) => {
    const stopping = reader.stop();
    await clock.advance(0);
    await stopping;
  };
  source.shard('s');
  return { clock, source, checkpoints, invoked, lost, running, make, reader: make(), ended };
}

function failing(...failed: string[]): InvokeResult {
  const batchItemFailures = failed.map((itemIdentifier) => ({ itemIdentifier }));
  return { kind: 'success', payload: Buffer.from(JSON.stringify({ batchItemFailures })) };
}

function puts({ source }: { source: MemoryStream }, ids: string, shard = 's'): void {
  for (const id of ids) source.put(shard, id);
}

test('records come in order, a batch at a time, and the place behind each is kept', async () => {
  const w = world({ recordsMax: 2 });
  puts(w, 'abcde');
  w.reader.start();
  await w.clock.advance(2000);
  assert.deepEqual(w.invoked, ['ab', 'cd', 'e']);
  assert.equal(w.checkpoints.get('s')?.position, '5');
  assert.equal(w.running.most, 1);
  await w.ended(w.reader);
  puts(w, 'fg');
  const next = w.make();
  next.start();
  await w.clock.advance(2000);
  assert.deepEqual(w.invoked.slice(3), ['fg'], 'another reader goes on where the last one stopped');
  await w.ended(next);
});

test('a failing batch holds its lane, is tried later and later, and other lanes go on', async () => {
  let failures = 3;
  const w = world({ recordsMax: 2, answer: (ids) => (ids[0] === 'a' && failures-- > 0 ? failure : success) });
  w.source.shard('t');
  puts(w, 'abcd');
  puts(w, 'xy', 't');
  w.reader.start();
  await w.clock.advance(500);
  assert.deepEqual(w.invoked.toSorted(), ['ab', 'xy']);
  await w.clock.advance(10_000);
  assert.deepEqual(
    w.invoked.filter((ids) => ids !== 'xy'),
    ['ab', 'ab', 'ab', 'ab', 'cd'],
  );
  await w.ended(w.reader);
});

test('after its retries a batch is given up, and told of, before the place behind it is kept', async () => {
  const w = world({ recordsMax: 2, policy: { retriesMax: 1 }, answer: (ids) => (ids[0] === 'a' ? failure : success) });
  puts(w, 'abcd');
  w.reader.start();
  await w.clock.advance(5000);
  assert.deepEqual(w.invoked, ['ab', 'ab', 'cd']);
  assert.deepEqual(w.lost, ['s ab RetryAttemptsExhausted 1']);
  assert.equal(w.checkpoints.get('s')?.position, '4');
  await w.ended(w.reader);
});

test('halving finds the poison, and only that is given up', async () => {
  const answer = (ids: string[]) => (ids.includes('c') ? failure : success);
  const w = world({ policy: { retriesMax: 0, bisect: true }, answer });
  puts(w, 'abcdefgh');
  w.reader.start();
  await w.clock.advance(1000);
  assert.deepEqual(w.invoked, ['abcdefgh', 'abcd', 'ab', 'cd', 'c', 'd', 'efgh']);
  assert.deepEqual(w.lost, ['s c RetryAttemptsExhausted 0']);
  await w.ended(w.reader);
});

test('a partial answer starts again at its lowest failure', async () => {
  let once = true;
  const w = world({
    answer: (ids) => {
      const failed = once && ids.length > 1 ? failing('d', 'c') : success;
      once = false;
      return failed;
    },
  });
  puts(w, 'abcde');
  w.reader.start();
  await w.clock.advance(3000);
  assert.deepEqual(w.invoked, ['abcde', 'cde']);
  await w.ended(w.reader);
});

test('throttling counts for nothing; records that are too old by then are given up', async () => {
  let refusals = 3;
  const w = world({ policy: { retriesMax: 0 }, answer: () => (refusals-- > 0 ? throttled : success) });
  puts(w, 'ab');
  w.reader.start();
  await w.clock.advance(20_000);
  assert.deepEqual([w.invoked.length, w.lost], [4, []]);
  await w.ended(w.reader);
  const old = world({ policy: { ageMsMax: 60_000 }, answer: () => throttled });
  puts(old, 'ab');
  old.reader.start();
  await old.clock.advance(200_000);
  assert.deepEqual(old.lost, ['s ab RecordAgeExceeded 0']);
  await old.ended(old.reader);
});

test('records that a filter does not want invoke nothing and are passed', async () => {
  const w = world({ pattern: '{"body":[{"anything-but":"b"}]}' });
  puts(w, 'abc');
  w.reader.start();
  await w.clock.advance(1500);
  puts(w, 'bb');
  await w.clock.advance(1500);
  assert.deepEqual(w.invoked, ['ac']);
  assert.equal(w.checkpoints.get('s')?.position, '5');
  await w.ended(w.reader);
});

test('a window gathers until it is over or the batch is full', async () => {
  const w = world({ recordsMax: 3, windowMs: 5000 });
  puts(w, 'a');
  w.reader.start();
  await w.clock.advance(2500);
  puts(w, 'b');
  await w.clock.advance(1000);
  assert.deepEqual(w.invoked, []);
  await w.clock.advance(3000);
  puts(w, 'cde');
  await w.clock.advance(2000);
  assert.deepEqual(w.invoked, ['ab', 'cde']);
  await w.ended(w.reader);
});

test('several batches of a lane at once keep the order of each key', async () => {
  const gate = deferred<InvokeResult>();
  const w = world({ recordsMax: 100, parallel: 4, answer: () => gate.promise });
  for (let n = 0; n < 40; n += 1) w.source.put('s', `${'abcd'[n % 4]}${n},`, { key: `k${n % 4}` });
  w.reader.start();
  await w.clock.advance(500);
  assert.ok(w.running.now > 1, 'more than one runs');
  gate.resolve(success);
  await w.clock.advance(500);
  for (const letter of 'abcd') {
    const numbers = w.invoked
      .flatMap((ids) => ids.split(','))
      .filter((id) => id.startsWith(letter))
      .map((id) => Number(id.slice(1)));
    assert.deepEqual(
      numbers,
      numbers.toSorted((a, b) => a - b),
    );
  }
  assert.equal(w.checkpoints.get('s')?.position, '40');
  await w.ended(w.reader);
});

test('children are read when their parents are at their end', async () => {
  const w = world();
  w.source.shard('child', ['s']);
  puts(w, 'cd', 'child');
  puts(w, 'ab');
  w.reader.start();
  await w.clock.advance(15_000);
  assert.deepEqual(w.invoked, ['ab']);
  w.source.close('s');
  await w.clock.advance(15_000);
  assert.deepEqual(w.invoked, ['ab', 'cd']);
  await w.ended(w.reader);
});

test('a stream that cannot be read is said, and read again when it can be', async () => {
  const w = world();
  puts(w, 'a');
  w.source.broken = new Error('Stream not found');
  w.reader.start();
  await w.clock.advance(60_000);
  assert.equal(w.reader.lastResult, 'PROBLEM: Stream not found');
  w.source.broken = undefined;
  await w.clock.advance(60_000);
  assert.deepEqual([w.invoked, w.reader.lastResult], [['a'], 'OK']);
  await w.ended(w.reader);
});

test('a stop waits for what runs, keeps its place, and leaves what fails for the next start', async () => {
  const gate = deferred<InvokeResult>();
  const w = world({ answer: () => gate.promise });
  puts(w, 'ab');
  w.reader.start();
  await w.clock.advance(100);
  const stopping = w.reader.stop();
  gate.resolve(success);
  await w.clock.advance(0);
  await stopping;
  assert.equal(w.checkpoints.get('s')?.position, '2');
  const failed = world({ answer: () => failure });
  puts(failed, 'ab');
  failed.reader.start();
  await failed.clock.advance(100);
  await failed.ended(failed.reader);
  assert.equal(failed.checkpoints.get('s')?.position, undefined);
});
