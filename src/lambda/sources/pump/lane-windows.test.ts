import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../../base/manual-clock.ts';
import { systemRandom } from '../../../base/random.ts';
import { silentLog } from '../../../observe/log.ts';
import type { InvokeResult } from '../../invoke/door.ts';
import type { FunctionVersion } from '../../model/function.ts';
import type { Mapping } from '../../model/mapping/mapping.ts';
import { MemoryCheckpoints, MemoryStream } from '../testing/stream.ts';
import type { RetryPolicy } from './batch-progress.ts';
import { Invoker } from './invoker.ts';
import { StreamReader } from './stream-reader.ts';

interface Event {
  readonly Records: { readonly id: string }[];
  readonly window: { readonly start: string; readonly end: string };
  readonly state: Record<string, unknown>;
  readonly shardId: string;
  readonly eventSourceARN: string;
  readonly isFinalInvokeForWindow: boolean;
  readonly isWindowTerminatedEarly: boolean;
}

/** As most functions: counts what it was given. */
function counted({ state, Records }: Event): unknown {
  return { state: { seen: `${state.seen ?? ''}${Records.map(({ id }) => id).join('')}` } };
}

interface Options {
  readonly policy?: Partial<RetryPolicy>;
  readonly recordsMax?: number;
  readonly answer?: (event: Event) => unknown;
}

function world({ policy, recordsMax = 10, answer = counted }: Options = {}) {
  const clock = new ManualClock();
  const source = new MemoryStream(clock);
  const checkpoints = new MemoryCheckpoints();
  const events: Event[] = [];
  const mapping = { configuration: {}, functionName: 'f' } as Mapping;
  const version = { version: '1', state: { value: 'Active' }, configuration: { timeoutSeconds: 3 } } as FunctionVersion;
  const door = {
    async invoke({ payload }: { payload: Buffer }): Promise<InvokeResult> {
      const event: Event = JSON.parse(payload.toString());
      events.push(event);
      const said = answer(event);
      if (said instanceof Error) return { kind: 'function-error', payload: Buffer.from('{}') };
      return { kind: 'success', payload: Buffer.from(JSON.stringify(said) ?? '') };
    },
  };
  const make = () =>
    new StreamReader({
      source,
      invoker: new Invoker({ door, random: systemRandom, resolve: () => version }, mapping, source.envelope),
      filter: undefined,
      checkpoints,
      recordsMax,
      windowMs: 0,
      parallel: 1,
      tumblingMs: 60_000,
      sourceArn: 'arn:stream',
      policy: { retriesMax: -1, ageMsMax: -1, bisect: false, ...policy },
      clock,
      giveUp: async () => {},
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
  return { clock, source, checkpoints, events, make, ended };
}

/** Records, the state that came with them, and how it ended. */
function told(events: readonly Event[]): string[] {
  return events.map(({ Records, state, isFinalInvokeForWindow: final, isWindowTerminatedEarly: early }) => {
    const end = final ? ` final${early ? ' early' : ''}` : '';
    return `${Records.map(({ id }) => id).join('')}<${state.seen ?? ''}>${end}`;
  });
}

/** A false clock that starts in the middle of a minute would end its window early. */
async function toNextMinute({ clock }: { clock: ManualClock }): Promise<void> {
  await clock.advance(60_000 - (clock.now() % 60_000));
}

test('a state goes from batch to batch, and the last of a window comes when its time is over', async () => {
  const w = world();
  await toNextMinute(w);
  const reader = w.make();
  reader.start();
  const start = w.clock.now();
  w.source.put('s', 'a');
  await w.clock.advance(5000);
  w.source.put('s', 'b');
  await w.clock.advance(50_000);
  assert.deepEqual(told(w.events), ['a<>', 'b<a>']);
  await w.clock.advance(10_000);
  assert.deepEqual(told(w.events), ['a<>', 'b<a>', '<ab> final']);
  const [, , last] = w.events;
  const second = (ms: number) => new Date(ms).toISOString().replace('.000', '');
  assert.deepEqual(last, {
    Records: [],
    window: { start: second(start), end: second(start + 60_000) },
    state: { seen: 'ab' },
    shardId: 's',
    eventSourceARN: 'arn:stream',
    isFinalInvokeForWindow: true,
    isWindowTerminatedEarly: false,
  });
  w.source.put('s', 'c');
  await w.clock.advance(2000);
  assert.deepEqual(told(w.events).at(-1), 'c<>', 'the next window begins with nothing');
  await w.ended(reader);
});

test('records of one read are parted where a window ends', async () => {
  const w = world();
  await toNextMinute(w);
  w.source.put('s', 'a');
  w.source.put('s', 'b');
  await w.clock.advance(60_000);
  w.source.put('s', 'c');
  const reader = w.make();
  reader.start();
  await w.clock.advance(1000);
  assert.deepEqual(told(w.events), ['ab<>', '<ab> final', 'c<>']);
  await w.ended(reader);
});

test('a window goes on where a reader that is gone has left it', async () => {
  const w = world();
  await toNextMinute(w);
  w.source.put('s', 'a');
  const first = w.make();
  first.start();
  await w.clock.advance(1000);
  await w.ended(first);
  w.source.put('s', 'b');
  const second = w.make();
  second.start();
  await w.clock.advance(70_000);
  assert.deepEqual(told(w.events), ['a<>', 'b<a>', '<ab> final']);
  assert.deepEqual(w.checkpoints.get('s'), { position: '2', window: undefined });
  await w.ended(second);
});

test('the end of a shard is the end of its window', async () => {
  const w = world();
  await toNextMinute(w);
  w.source.put('s', 'a');
  w.source.close('s');
  const reader = w.make();
  reader.start();
  await w.clock.advance(1000);
  assert.deepEqual(told(w.events), ['a<>', '<a> final']);
  assert.equal(w.checkpoints.get('s')?.position, 'end');
  await w.ended(reader);
});

test('a state that grows too large ends its window early, and the next records begin anew', async () => {
  const large = 'x'.repeat(1024 * 1024);
  const w = world({
    recordsMax: 1,
    answer: (event) => ({ state: event.Records[0]?.id === 'a' ? { large } : {} }),
  });
  await toNextMinute(w);
  w.source.put('s', 'a');
  w.source.put('s', 'b');
  const reader = w.make();
  reader.start();
  await w.clock.advance(1000);
  assert.deepEqual(told(w.events), ['a<>', '<> final early', 'b<>']);
  assert.equal(w.events[1]?.state.large, large, 'with all that was gathered');
  await w.ended(reader);
});

test('a failure leaves the state as it was; so does an answer that is no state, or has none', async () => {
  const said: unknown[] = [new Error('no'), { state: 'no' }, { batchItemFailures: [] }];
  const answer = (event: Event) => {
    const first = event.Records[0]?.id === 'b' ? said.shift() : undefined;
    return first ?? counted(event);
  };
  const w = world({ recordsMax: 1, answer });
  await toNextMinute(w);
  w.source.put('s', 'a');
  w.source.put('s', 'b');
  const reader = w.make();
  reader.start();
  await w.clock.advance(70_000);
  assert.deepEqual(told(w.events), ['a<>', 'b<a>', 'b<a>', 'b<a>', 'b<a>', '<ab> final']);
  await w.ended(reader);
});

test('the end of a window is told again until it is taken, as often as records would be', async () => {
  const answer = (event: Event) => (event.isFinalInvokeForWindow ? new Error('no') : counted(event));
  const w = world({ policy: { retriesMax: 2 }, answer });
  await toNextMinute(w);
  w.source.put('s', 'a');
  const reader = w.make();
  reader.start();
  await w.clock.advance(120_000);
  assert.deepEqual(told(w.events), ['a<>', '<a> final', '<a> final', '<a> final']);
  w.source.put('s', 'b');
  await w.clock.advance(2000);
  assert.deepEqual(told(w.events).at(-1), 'b<>');
  await w.ended(reader);
});
