import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deferred } from '../../base/deferred.ts';
import { ManualClock } from '../../base/manual-clock.ts';
import { systemRandom } from '../../base/random.ts';
import { silentLog } from '../../observe/log.ts';
import { memoryDocuments } from '../../store/testing/memory.ts';
import { version } from '../../store/testing/records.ts';
import type { InvokeResult } from '../invoke/door.ts';
import { sinkTo } from '../invoke/testing/metric-sink.ts';
import { type Mapping, type MappingConfiguration, mappingKey } from '../model/mapping/mapping.ts';
import { put } from '../model/resources.ts';
import { MappingReconciler } from '../reconcile/mapping-reconciler.ts';
import { EventSources } from './event-sources.ts';
import type { Message } from './pump/given-up.ts';
import { MemorySource } from './testing/holding.ts';
import { MemoryStream } from './testing/stream.ts';

const place = { accountId: '000000000000', region: 'us-east-1' };

function mappingOf(source: Mapping['source'], configuration: Partial<MappingConfiguration> = {}): Mapping {
  return {
    ...place,
    uuid: 'U',
    source,
    functionName: 'f',
    qualifier: 'live',
    configuration: { BatchSize: 10, EventSourceArn: 'arn', ...configuration },
    enabled: true,
    state: 'Enabled',
    tags: {},
    revisionId: 'r1',
    lastModified: 1,
  };
}

function world(answer: (ids: string[]) => InvokeResult | Promise<InvokeResult> = () => success) {
  const clock = new ManualClock();
  const { resources } = memoryDocuments();
  const stream = new MemoryStream(clock);
  const queue = new MemorySource(clock);
  const invoked: string[] = [];
  const told: Message[] = [];
  const counted: Record<string, number> = {};
  stream.shard('shard-1');
  const sources = new EventSources({
    clock,
    log: silentLog,
    random: systemRandom,
    resources,
    metrics: sinkTo(({ name, value, dimensions }) => {
      assert.deepEqual(dimensions, [{ Name: 'EventSourceMappingUUID', Value: 'U' }]);
      counted[name] = (counted[name] ?? 0) + value;
    }),
    resolve: () => version('f', 'r1', 'aa'),
    door: {
      async invoke({ payload, invokedArn }) {
        const ids = JSON.parse(payload.toString()).Records.map(({ id }: { id: string }) => id);
        invoked.push(`${invokedArn.split(':').slice(-2).join(':')} ${ids.join('')}`);
        return answer(ids);
      },
    },
    kinds: {
      kinesis: { openStream: () => stream, check: async () => {} },
      sqs: { open: () => queue, check: async () => {} },
    },
    tell: async (_, message) => void told.push(message),
  });
  return { clock, resources, stream, queue, invoked, told, counted, sources };
}

const success: InvokeResult = { kind: 'success', payload: Buffer.from('null') };
const failure: InvokeResult = { kind: 'function-error', payload: Buffer.from('{}') };

test('a queue and a stream are read, a source without a reader is said', async () => {
  const { clock, stream, queue, invoked, sources } = world();
  stream.put('shard-1', 'a');
  queue.put('b');
  assert.equal(sources.start(mappingOf('kinesis')), undefined);
  assert.equal(sources.start({ ...mappingOf('sqs'), uuid: 'V' }), undefined);
  assert.match(sources.start({ ...mappingOf('mq'), uuid: 'W' }) ?? '', /does not read from Amazon MQ yet$/);
  await clock.advance(1000);
  assert.deepEqual(invoked.toSorted(), ['f:live a', 'f:live b']);
  assert.deepEqual([sources.lastResult('U'), sources.lastResult('W')], ['OK', undefined]);
  const stopping = sources.stopAll();
  await clock.advance(0);
  await stopping;
});

test('how far a stream was read is kept, also for a mapping that is changed, and goes with the mapping', async () => {
  const { clock, stream, invoked, sources, resources } = world();
  stream.put('shard-1', 'a');
  sources.start(mappingOf('kinesis'));
  await clock.advance(1000);
  sources.start(mappingOf('kinesis', { BatchSize: 1 }));
  stream.put('shard-1', 'b');
  stream.put('shard-1', 'c');
  await clock.advance(3000);
  assert.deepEqual(invoked, ['f:live a', 'f:live b', 'f:live c']);
  const kept = () => resources.list('mapping-checkpoint', { ...place, owner: 'U', limit: 9 }).map(({ value }) => value);
  assert.deepEqual(kept(), [{ position: '3' }]);
  const deleting: Mapping = { ...mappingOf('kinesis'), state: 'Deleting' };
  await resources.write([put('mapping', mappingKey(place, 'U'), deleting)]);
  const parts = { resources, clock, random: systemRandom, log: silentLog };
  const reconciler = new MappingReconciler({ ...parts, readers: sources });
  reconciler.begin();
  await clock.advance(1000);
  assert.deepEqual([kept(), resources.get('mapping', mappingKey(place, 'U'))], [[], undefined]);
});

test('a stream has one reader at a time, however slow the function is', async () => {
  const gate = deferred<InvokeResult>();
  const { clock, stream, invoked, sources } = world(() => gate.promise);
  stream.put('shard-1', 'a');
  sources.start(mappingOf('kinesis'));
  await clock.advance(1000);
  sources.start(mappingOf('kinesis'));
  await clock.advance(30_000);
  assert.deepEqual(invoked, ['f:live a']);
  gate.resolve(success);
  await clock.advance(1000);
  stream.put('shard-1', 'b');
  await clock.advance(2000);
  assert.deepEqual(invoked, ['f:live a', 'f:live b']);
});

test('what is given up is told in the way of AWS: to a queue about the records, to a bucket with them', async () => {
  const shown = async (Destination: string) => {
    const { clock, stream, sources, told } = world(() => failure);
    stream.put('shard-1', 'a');
    const DestinationConfig = { OnFailure: { Destination } };
    sources.start(mappingOf('kinesis', { MaximumRetryAttempts: 1, DestinationConfig }));
    await clock.advance(5000);
    const [message] = told;
    assert.ok(message);
    return { delivery: message.delivery, body: JSON.parse(message.payload.toString()) };
  };
  const queue = 'arn:aws:sqs:us-east-1:000000000000:lost';
  const { delivery, body } = await shown(queue);
  assert.deepEqual(delivery, { to: 'queue', arn: queue });
  const { requestId, ...requestContext } = body.requestContext;
  assert.match(requestId, /^[0-9a-f-]{36}$/);
  assert.deepEqual(
    { ...body, requestContext },
    {
      requestContext: {
        functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 2,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: body.timestamp,
      MemoryBatchInfo: { shardId: 'shard-1', batchSize: 1 },
    },
  );
  const bucket = await shown('arn:aws:s3:::lost');
  assert.match(
    JSON.stringify(bucket.delivery),
    /"key":"aws\/lambda\/U\/shard-1\/2026\/01\/01\/2026-01-01T00\.00\.\d\d-/,
  );
  assert.deepEqual(JSON.parse(bucket.body.payload), { Records: [{ id: 'a', body: 'a' }] });
});

test('what is done with records is counted for mappings that ask for it', async () => {
  const { clock, stream, queue, sources, counted } = world((ids) => (ids.includes('bad') ? failure : success));
  const asked: Partial<MappingConfiguration> = {
    MetricsConfig: { Metrics: ['EventCount'] },
    FilterCriteria: { Filters: [{ Pattern: '{"body":[{"anything-but":"noise"}]}' }] },
    MaximumRetryAttempts: 0,
  };
  for (const id of ['a', 'noise', 'b']) queue.put(id);
  sources.start(mappingOf('sqs', asked));
  await clock.advance(1000);
  assert.deepEqual(
    { ...counted },
    {
      PolledEventCount: 3,
      FilteredOutEventCount: 1,
      InvokedEventCount: 2,
      DeletedEventCount: 3,
    },
  );
  for (const name of Object.keys(counted)) delete counted[name];
  stream.put('shard-1', 'bad');
  sources.start(mappingOf('kinesis', { ...asked, FilterCriteria: undefined }));
  await clock.advance(5000);
  assert.deepEqual(
    { ...counted },
    {
      PolledEventCount: 1,
      InvokedEventCount: 1,
      FailedInvokeEventCount: 1,
      DroppedEventCount: 1,
    },
  );
});
