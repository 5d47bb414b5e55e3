import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deferred } from '../../../base/deferred.ts';
import { ManualClock } from '../../../base/manual-clock.ts';
import { systemRandom } from '../../../base/random.ts';
import { silentLog } from '../../../observe/log.ts';
import type { InvokeResult } from '../../invoke/door.ts';
import type { FunctionVersion } from '../../model/function.ts';
import type { Mapping, MappingConfiguration } from '../../model/mapping/mapping.ts';
import { compileFilters } from '../filter/filters.ts';
import { MemorySource } from '../testing/holding.ts';
import { HoldingReader } from './holding-reader.ts';
import { Invoker } from './invoker.ts';
import { scaleLimits } from './scale.ts';

const success: InvokeResult = { kind: 'success', payload: Buffer.from('null') };
const failure: InvokeResult = { kind: 'function-error', payload: Buffer.from('{}') };
const throttled: InvokeResult = { kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded' };

interface Options extends Partial<MappingConfiguration> {
  /** What the function answers to these ids; success if it is not said. */
  readonly answer?: (ids: string[], signal?: AbortSignal) => InvokeResult | Promise<InvokeResult>;
}

function world({ answer = () => success, ...configuration }: Options = {}) {
  const clock = new ManualClock();
  const source = new MemorySource(clock);
  const invoked: string[][] = [];
  const running = { now: 0, most: 0 };
  const state: { version: FunctionVersion | undefined } = { version: versionOf('Active') };
  const mapping = { configuration: { BatchSize: 10, ...configuration }, functionName: 'f' } as Mapping;
  const door = {
    async invoke({ payload, signal }: { payload: Buffer; signal?: AbortSignal }) {
      const ids = JSON.parse(payload.toString()).Records.map(({ id }: { id: string }) => id);
      invoked.push(ids);
      running.now += 1;
      running.most = Math.max(running.most, running.now);
      try {
        return await answer(ids, signal);
      } finally {
        running.now -= 1;
      }
    },
  };
  const resolve = () => state.version;
  const invoker = new Invoker({ door, random: systemRandom, resolve }, mapping, source.envelope);
  const { BatchSize, MaximumBatchingWindowInSeconds: window = 0, FilterCriteria } = mapping.configuration;
  const reader = new HoldingReader({
    source,
    invoker,
    filter: compileFilters(FilterCriteria, ['body']),
    limits: { recordsMax: BatchSize, windowMs: window * 1000 },
    scale: scaleLimits(mapping.configuration),
    clock,
    log: silentLog,
    arn: 'arn',
    count: () => {},
  });
  return { clock, source, reader, invoked, running, state };
}

function versionOf(value: 'Active' | 'Pending'): FunctionVersion {
  return { state: { value }, configuration: { timeoutSeconds: 3 } } as FunctionVersion;
}

const seconds = (count: number) => count * 1000;
const ids = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`);
const reports = { FunctionResponseTypes: ['ReportBatchItemFailures' as const] };
const failing = (...failed: string[]): InvokeResult => ({
  kind: 'success',
  payload: Buffer.from(JSON.stringify({ batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) })),
});

test('what came together is invoked together, up to the batch size, and removed', async () => {
  const { clock, source, reader, invoked } = world({ BatchSize: 4 });
  for (const id of ids(6)) source.put(id);
  reader.start();
  await clock.advance(seconds(1));
  assert.deepEqual(invoked, [
    ['m0', 'm1', 'm2', 'm3'],
    ['m4', 'm5'],
  ]);
  assert.deepEqual(source.left, []);
  assert.equal(reader.lastResult, 'OK');
  await reader.stop();
});

test('a window gathers what trickles in, until it is over or the batch is full', async () => {
  const { clock, source, reader, invoked } = world({ BatchSize: 3, MaximumBatchingWindowInSeconds: 5 });
  reader.start();
  source.put('a');
  await clock.advance(seconds(2));
  source.put('b');
  await clock.advance(seconds(2));
  assert.deepEqual(invoked, []);
  await clock.advance(seconds(2));
  assert.deepEqual(invoked, [['a', 'b']]);
  for (const id of ['c', 'd', 'e']) source.put(id);
  await clock.advance(seconds(1));
  assert.deepEqual(invoked, [
    ['a', 'b'],
    ['c', 'd', 'e'],
  ]);
  await reader.stop();
});

test('a batch is as large as an event may be, whatever its window', async () => {
  const { clock, source, reader, invoked } = world({ BatchSize: 100, MaximumBatchingWindowInSeconds: 60 });
  for (const id of ids(8)) source.put(id, { body: 'x'.repeat(1_000_000) });
  reader.start();
  await clock.advance(seconds(1));
  assert.deepEqual(invoked, [ids(6)]);
  await reader.stop();
});

test('a batch that fails stays with its source, which gives it out again after its time', async () => {
  let failures = 2;
  const { clock, source, reader, invoked } = world({ answer: () => (failures-- > 0 ? failure : success) });
  source.put('a');
  reader.start();
  await clock.advance(seconds(29));
  assert.equal(invoked.length, 1);
  assert.equal(reader.lastResult, 'PROBLEM: Function call failed');
  await clock.advance(seconds(40));
  assert.equal(invoked.length, 3);
  assert.deepEqual(source.left, []);
  await reader.stop();
});

test('of a batch of which some failed, those alone come again', async () => {
  const { clock, source, reader, invoked } = world({
    ...reports,
    answer: (ids) => failing(...ids.filter((id) => id === 'm1')),
  });
  for (const id of ids(3)) source.put(id);
  reader.start();
  await clock.advance(seconds(31));
  assert.deepEqual(invoked, [['m0', 'm1', 'm2'], ['m1']]);
  assert.deepEqual(source.left, ['m1']);
  await reader.stop();
});

test('what a filter does not want is removed and invokes nothing', async () => {
  const FilterCriteria = { Filters: [{ Pattern: '{"body":[{"prefix":"yes"}]}' }] };
  const { clock, source, reader, invoked } = world({ FilterCriteria });
  source.put('a', { body: 'yes 1' });
  source.put('b', { body: 'no' });
  source.put('c', { body: 'yes 2' });
  reader.start();
  await clock.advance(seconds(1));
  assert.deepEqual(invoked, [['a', 'c']]);
  assert.deepEqual(source.left, []);
  source.put('d', { body: 'no' });
  await clock.advance(seconds(1));
  assert.deepEqual([invoked.length, source.left], [1, []]);
  await reader.stop();
});

test('a throttled batch is tried again while the source holds it, and costs it no receive', async () => {
  let refusals = 4;
  const { clock, source, reader, invoked } = world({ answer: () => (refusals-- > 0 ? throttled : success) });
  source.put('a');
  reader.start();
  await clock.advance(seconds(20));
  assert.equal(invoked.length, 5);
  assert.deepEqual([source.receivesOf.get('a'), source.left], [1, []]);
  await reader.stop();
});

test('a batch that is throttled for too long is left to the source', async () => {
  const { clock, source, reader, invoked } = world({ answer: () => throttled });
  source.put('a');
  reader.start();
  await clock.advance(seconds(29));
  const before = invoked.length;
  assert.ok(before > 3 && before < 20, `${before} attempts in the time that a message is held`);
  assert.equal(source.receivesOf.get('a'), 1);
  await clock.advance(seconds(3));
  assert.equal(source.receivesOf.get('a'), 2);
  await reader.stop();
});

test('a batch waits for an environment no longer than its source holds it', async () => {
  const { clock, source, reader, invoked } = world({
    answer: async (_, signal) => {
      await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
      return throttled;
    },
  });
  source.put('a');
  reader.start();
  await clock.advance(seconds(26));
  assert.deepEqual([invoked.length, source.receivesOf.get('a')], [1, 1]);
  await clock.advance(seconds(2));
  assert.equal(reader.lastResult, 'PROBLEM: Function call throttled');
  await clock.advance(seconds(4));
  assert.equal(source.receivesOf.get('a'), 2, 'it comes again when its time is over, and not before');
  const stopping = reader.stop();
  await clock.advance(0);
  await stopping;
});

test('no more run at once than MaximumConcurrency, and no more is taken than can run', async () => {
  const gate = deferred<InvokeResult>();
  const options = { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 }, answer: () => gate.promise };
  const { clock, source, reader, running } = world(options);
  for (const id of ids(20)) source.put(id);
  reader.start();
  await clock.advance(seconds(10));
  assert.deepEqual([running.most, source.receivesOf.size], [2, 2]);
  gate.resolve(success);
  await clock.advance(seconds(10));
  assert.deepEqual([running.most, source.left], [2, []]);
  await reader.stop();
});

test('five run at first, and three hundred more a minute while there is a backlog', async () => {
  const never = new Promise<InvokeResult>(() => {});
  const { clock, source, reader, running } = world({ BatchSize: 1, answer: () => never });
  for (const id of ids(2000)) source.put(id);
  source.holdForMs = seconds(100_000);
  reader.start();
  await clock.advance(0);
  assert.equal(running.now, 5);
  await clock.advance(seconds(2));
  assert.equal(running.now, 15);
  await clock.advance(seconds(60));
  assert.equal(running.now, 315);
});

test('failures halve how many run at once, and success brings them back slowly', async () => {
  const answers: { now: InvokeResult } = { now: failure };
  const pace = (clock: ManualClock) => clock.sleep(100);
  const box: { clock?: ManualClock } = {};
  const built = world({
    BatchSize: 1,
    answer: async () => {
      if (box.clock) await pace(box.clock);
      return answers.now;
    },
  });
  const { clock, source, reader, running } = built;
  box.clock = clock;
  source.holdForMs = seconds(1);
  for (const id of ids(500)) source.put(id);
  reader.start();
  await clock.advance(seconds(10));
  assert.ok(running.now <= 2, `${running.now} run while all fail`);
  answers.now = success;
  await clock.advance(seconds(3));
  assert.ok(running.now > 5, `${running.now} run again`);
  const stopping = reader.stop();
  await clock.advance(seconds(1));
  await stopping;
});

test('nothing is taken while the function is not there or not ready', async () => {
  const { clock, source, reader, invoked, state } = world();
  state.version = undefined;
  source.put('a');
  reader.start();
  await clock.advance(seconds(100));
  assert.deepEqual([invoked, source.receivesOf.size], [[], 0]);
  assert.match(reader.lastResult ?? '', /^PROBLEM: Function not found: /);
  state.version = versionOf('Pending');
  await clock.advance(seconds(2));
  assert.equal(reader.lastResult, 'PROBLEM: The function is Pending');
  state.version = versionOf('Active');
  await clock.advance(seconds(2));
  assert.deepEqual(invoked, [['a']]);
  await reader.stop();
});

test('a source that cannot be read is asked again later and later, and read when it can be', async () => {
  const { clock, source, reader, invoked } = world();
  source.broken = new Error('The specified queue does not exist.');
  reader.start();
  await clock.advance(seconds(120));
  assert.ok(source.asked.length < 60, `${source.asked.length} attempts in two minutes`);
  assert.equal(reader.lastResult, 'PROBLEM: The specified queue does not exist.');
  source.broken = undefined;
  source.put('a');
  await clock.advance(seconds(61));
  assert.deepEqual(invoked, [['a']]);
  await reader.stop();
});

test('a source that answers at once with nothing is not asked without end', async () => {
  const { clock, source, reader } = world();
  source.receive = async () => {
    source.asked.push(clock.monotonic());
    return [];
  };
  reader.start();
  await clock.advance(seconds(60));
  assert.ok(source.asked.length < 400, `${source.asked.length} receives in a minute`);
  await reader.stop();
});

test('a stop gives back what is gathered, waits for what runs, and leaves nobody waiting', async () => {
  const gate = deferred<InvokeResult>();
  const { clock, source, reader, invoked } = world({
    BatchSize: 2,
    MaximumBatchingWindowInSeconds: 300,
    answer: () => gate.promise,
  });
  for (const id of ids(3)) source.put(id);
  reader.start();
  await clock.advance(seconds(1));
  assert.deepEqual(invoked, [['m0', 'm1']]);
  let stopped = false;
  const stopping = reader.stop().then(() => {
    stopped = true;
  });
  await clock.advance(seconds(1));
  assert.deepEqual([stopped, source.waiting], [false, 0]);
  const [other] = await source.receive(10, 0, new AbortController().signal);
  assert.equal(other?.id, 'm2', 'what no function has got is there for others at once');
  gate.resolve(success);
  await clock.advance(0);
  await stopping;
  assert.deepEqual(source.left, ['m2']);
});

test('an ordered source: one group at a time, and what one event cannot hold goes back in its order', async () => {
  const { clock, source, reader, invoked, running } = world();
  source.ordered = true;
  for (const id of ids(8)) source.put(id, { group: 'g', body: 'x'.repeat(1_000_000) });
  reader.start();
  await clock.advance(seconds(1));
  assert.deepEqual(invoked.flat(), ids(8));
  assert.equal(running.most, 1);
  assert.deepEqual(source.left, []);
  await reader.stop();
});
