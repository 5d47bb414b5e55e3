import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../base/clock.ts';
import { deferred } from '../../base/deferred.ts';
import { systemRandom } from '../../base/random.ts';
import { silentLog } from '../../observe/log.ts';
import { memoryDocuments } from '../../store/testing/memory.ts';
import { claimKey, type Mapping, mappingKey } from '../model/mapping/mapping.ts';
import { put } from '../model/resources.ts';
import { MappingReconciler } from './mapping-reconciler.ts';

const queue: Mapping = {
  accountId: '000000000000',
  region: 'us-east-1',
  uuid: 'U',
  source: 'sqs',
  functionName: 'f',
  configuration: { BatchSize: 10, EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:q' },
  enabled: true,
  state: 'Enabled',
  tags: {},
  revisionId: 'r1',
  lastModified: 1,
};

async function kept(mapping: Partial<Mapping>) {
  const { resources } = memoryDocuments();
  const value = { ...queue, ...mapping };
  const key = mappingKey(value, value.uuid);
  await resources.write([put('mapping', key, value), put('mapping-claim', claimKey(value), { uuid: value.uuid })]);
  const asked: string[] = [];
  const stopped = { promise: Promise.resolve() };
  const readers = {
    hindrance: undefined as string | undefined,
    start: ({ configuration }: Mapping) => {
      asked.push(`start ${configuration.BatchSize}`);
      return readers.hindrance;
    },
    stop: async () => {
      asked.push('stop');
      await stopped.promise;
    },
  };
  const parts = { resources, readers, clock: systemClock, random: systemRandom, log: silentLog, retryDelayMs: 1 };
  const reconciler = new MappingReconciler(parts);
  const current = () => resources.get('mapping', key);
  return { resources, readers, stopped, asked, reconciler, current, key, value };
}

test('a start takes up what is enabled and what was left unfinished', async () => {
  const cases = [
    ['Enabled', true, ['start 10'], 'Enabled'],
    ['Disabled', false, ['stop'], 'Disabled'],
    ['Creating', true, ['start 10'], 'Enabled'],
    ['Creating', false, ['stop'], 'Disabled'],
    ['Updating', true, ['start 10'], 'Enabled'],
    ['Disabling', false, ['stop'], 'Disabled'],
    ['Deleting', true, ['stop'], undefined],
  ] as const;
  for (const [state, enabled, asked, after] of cases) {
    const each = await kept({ state, enabled });
    each.reconciler.begin();
    await each.reconciler.idle();
    assert.deepEqual([each.asked, each.current()?.state], [asked, after], state);
    const claim = each.resources.get('mapping-claim', claimKey(each.value));
    assert.equal(claim?.uuid, after && 'U', `${state}: the claim goes with the mapping`);
  }
});

test('a hindrance that is gone at the next start is said no more', async () => {
  const { reconciler, current } = await kept({ hindrance: 'nothing reads it' });
  reconciler.begin();
  await reconciler.idle();
  assert.equal(current()?.hindrance, undefined);
});

test('what is tagged while it is being made so is kept with its tags', async () => {
  const { reconciler, current, resources, stopped, value, key } = await kept({ state: 'Disabling', enabled: false });
  const gate = deferred<void>();
  stopped.promise = gate.promise;
  reconciler.kick(value);
  await resources.write([put('mapping', key, { ...value, tags: { a: 'b' }, revisionId: 'r2' })]);
  gate.resolve();
  await reconciler.idle();
  assert.deepEqual([current()?.state, current()?.tags], ['Disabled', { a: 'b' }]);
});

test('what was written meanwhile is done after it', async () => {
  const { reconciler, current, resources, stopped, value, key, asked } = await kept({
    state: 'Disabling',
    enabled: false,
  });
  const gate = deferred<void>();
  stopped.promise = gate.promise;
  reconciler.kick(value);
  const next: Mapping = { ...value, state: 'Enabling', enabled: true };
  await resources.write([put('mapping', key, next)]);
  reconciler.kick(next);
  gate.resolve();
  await reconciler.idle();
  assert.deepEqual([current()?.state, asked], ['Enabled', ['stop', 'start 10']]);
});

test('a store that fails is tried again, and a reconciler that is closed does nothing more', async () => {
  const { reconciler, current, resources, value, asked } = await kept({ state: 'Creating' });
  const write = resources.write.bind(resources);
  let failures = 2;
  resources.write = async (changes) => {
    if (failures-- > 0) throw new Error('disk full');
    return write(changes);
  };
  reconciler.kick(value);
  await reconciler.idle();
  assert.equal(current()?.state, 'Enabled');
  await reconciler.close();
  const before = asked.length;
  reconciler.begin();
  assert.equal(asked.length, before);
});
