import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dice } from '../harness/dice.ts';
import { aVersion, type Behaviour, World } from './world.ts';

const answer: Behaviour = { ms: 20, do: 'answer' };

async function provisioned(wanted: number, settings: ConstructorParameters<typeof World>[0] = {}) {
  const world = new World(settings);
  const version = aVersion();
  world.pool.provision(version, wanted);
  await world.clock.advance(1_000);
  return { world, version };
}

async function all(world: World, results: Promise<{ kind: string }>[]): Promise<string[]> {
  await world.clock.advance(20_000);
  return (await Promise.all(results)).map(({ kind }) => kind);
}

test('environments are made ahead, used first, and stay when nobody comes', async () => {
  const { world, version } = await provisioned(3, { idleMsMax: 60_000 });
  assert.deepEqual([world.started, world.pool.provisioned(version.id)], [3, { ready: 3, failure: undefined }]);
  await world.clock.advance(3_600_000);
  assert.deepEqual(
    await all(
      world,
      [1, 2, 3].map(() => world.invoke(version, answer)),
    ),
    Array(3).fill('success'),
  );
  assert.equal(world.started, 3);
  assert.ok(
    world.metered.every(({ billedMs }) => billedMs === 20),
    'what was initialised ahead is not billed again',
  );
});

test('what exceeds them spills over, and goes when it is idle', async () => {
  const { world, version } = await provisioned(2, { idleMsMax: 60_000 });
  world.admission.provision(version, new Map([[version.version, 2]]));
  await all(
    world,
    [1, 2, 3, 4].map(() => world.invoke(version, { ms: 500, do: 'answer' })),
  );
  assert.equal(world.started, 4);
  assert.deepEqual(
    ['ProvisionedConcurrencyInvocations', 'ProvisionedConcurrencySpilloverInvocations'].map((name) =>
      world.counted(name),
    ),
    [2, 2],
  );
  await world.clock.advance(120_000);
  assert.deepEqual([world.pool.count, world.pool.provisioned(version.id).ready], [2, 2]);
});

test('one that dies is replaced, whether it was busy or idle', async () => {
  const { world, version } = await provisioned(2);
  await all(world, [world.invoke(version, { ms: 5, do: 'exit' }), world.invoke(version, { ms: 0, do: 'hang' })]);
  assert.deepEqual([world.started, world.alive, world.pool.provisioned(version.id).ready], [4, 2, 2]);
  world.killOne();
  await world.clock.advance(20_000);
  assert.deepEqual([world.started, world.alive, world.pool.provisioned(version.id).ready], [5, 2, 2]);
});

test('nobody evicts them, and they evict what is idle', async () => {
  const world = new World({ environmentsMax: 3, leaseWaitMsMax: 1_000 });
  const [kept, other] = [aVersion(), aVersion({ name: 'g' })];
  await all(
    world,
    [1, 2, 3].map(() => world.invoke(other, answer)),
  );
  world.pool.provision(kept, 2);
  await world.clock.advance(1_000);
  assert.equal(world.pool.provisioned(kept.id).ready, 2);
  await all(
    world,
    [1, 2, 3].map(() => world.invoke(other, { ms: 100, do: 'answer' })),
  );
  assert.deepEqual([world.pool.provisioned(kept.id).ready, world.pool.count], [2, 3]);
});

test('more than the machine can hold fails and says so, and those that fit are there', async () => {
  const { world, version } = await provisioned(5, { memoryBudgetMb: 512 });
  const { ready, failure } = world.pool.provisioned(version.id);
  assert.deepEqual([ready, world.alive], [4, 4]);
  assert.match(failure ?? '', /^Cannot provision more: all together have 100 environments and 512 MB/);
  world.pool.provision(version, 4);
  assert.deepEqual(world.pool.provisioned(version.id), { ready: 4, failure: undefined });
});

test('an init that fails is told, tried again later and later, and then given up', async () => {
  const world = new World();
  const version = aVersion();
  world.initOutcome = 'init-error';
  world.pool.provision(version, 1);
  await world.clock.advance(1_000);
  assert.deepEqual(world.pool.provisioned(version.id), { ready: 0, failure: 'FUNCTION_ERROR_INIT_FAILURE' });
  await world.clock.advance(24 * 3_600_000);
  assert.deepEqual([world.started, world.alive], [10, 0]);
  world.initOutcome = 'ready';
  world.pool.provision(version, 1);
  await world.clock.advance(1_000);
  assert.deepEqual(world.pool.provisioned(version.id), { ready: 1, failure: undefined });
});

test('fewer wanted are fewer kept: idle ones go now, busy ones when they are done', async () => {
  const { world, version } = await provisioned(3);
  const busy = [world.invoke(version, { ms: 500, do: 'answer' }), world.invoke(version, { ms: 500, do: 'answer' })];
  await world.clock.advance(100);
  world.pool.provision(version, 0);
  assert.equal(world.alive, 2);
  assert.deepEqual(await all(world, busy), ['success', 'success']);
  assert.deepEqual([world.alive, world.pool.count], [0, 0]);
});

const behaviours: Behaviour['do'][] = ['answer', 'answer', 'answer', 'throw', 'exit', 'hang', 'fatal'];

async function night(seed: number): Promise<void> {
  const roll = dice(seed);
  const pick = (below: number) => Math.floor(roll() * below);
  const environmentsMax = 4 + pick(5);
  const world = new World({
    environmentsMax,
    idleMsMax: 5_000,
    startingMax: 1 + pick(4),
    initialisingMax: 1 + pick(8),
  });
  const versions = [aVersion(), aVersion({ name: 'g' })];
  const results: Promise<unknown>[] = [];
  let wanted = [0, 0];
  for (let step = 0; step < 60; step += 1) {
    const which = pick(2);
    const version = versions[which] ?? aVersion();
    if (roll() < 0.1) {
      wanted = wanted.map((count, index) => (index === which ? pick(3) : count));
      world.pool.provision(version, wanted[which] ?? 0);
    } else {
      const behaviour = { ms: 1 + pick(200), do: behaviours[pick(behaviours.length)] ?? 'answer' };
      results.push(world.invoke(version, behaviour));
    }
    await world.clock.advance(pick(100));
    assert.ok(world.aliveMost <= environmentsMax, `seed ${seed}: more environments than there may be`);
  }
  await world.clock.advance(120_000);
  await Promise.all(results);
  const ready = versions.map(({ id }) => world.pool.provisioned(id).ready);
  assert.deepEqual(ready, wanted, `seed ${seed}: what is provisioned is there in the end`);
  assert.equal(world.pool.count, (wanted[0] ?? 0) + (wanted[1] ?? 0), `seed ${seed}: and nothing else`);
  assert.deepEqual(world.faults, [], `seed ${seed}`);
}

test('a hundred seeded nights: what is provisioned is there in the end, whatever died', async () => {
  for (let seed = 1; seed <= 100; seed += 1) await night(seed);
});
