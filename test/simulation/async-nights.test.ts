import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemRandom } from '../../src/base/random.ts';
import { AsyncMetrics } from '../../src/lambda/invoke/async-metrics.ts';
import { AsyncPump } from '../../src/lambda/invoke/async-pump.ts';
import { silentLog } from '../../src/observe/log.ts';
import { SqliteAsyncEvents } from '../../src/store/sqlite/async-events.ts';
import { memoryDocuments } from '../../src/store/testing/memory.ts';
import { dice } from '../harness/dice.ts';
import { aVersion, type Behaviour, World } from './world.ts';

/** The real queue, pump, admission and engine; functions that are a script. */
function scene(settings: ConstructorParameters<typeof World>[0] = {}, limit = 1000) {
  const world = new World(settings, limit);
  const { clock, admission, engine } = world;
  const { database, writer } = memoryDocuments();
  const versions = new Map(['a', 'b', 'c'].map((name) => [name, aVersion({ name, timeoutSeconds: 60 })]));
  const attempted = new Map<string, number>();
  const finishedAt = new Map<string, number>();
  let store = new SqliteAsyncEvents(database, writer);
  const newPump = () => {
    store = new SqliteAsyncEvents(database, writer);
    return new AsyncPump({
      store,
      clock,
      random: systemRandom,
      log: silentLog,
      metrics: new AsyncMetrics(() => undefined),
      concurrencyMax: 16,
      places: (key) => admission.reserved(key),
      config: () => undefined,
      resolve: ({ functionName }) => versions.get(functionName),
      targets: { reaches: () => false, mayTell: () => true, deliver: async () => 'delivered' },
      door: {
        async invoke(request) {
          attempted.set(request.requestId, (attempted.get(request.requestId) ?? 0) + 1);
          const result = await engine.invoke(request);
          if (result.kind === 'success') finishedAt.set(request.requestId, clock.now());
          return result;
        },
      },
    });
  };
  const accept = (id: string, functionName: string, behaviour: Behaviour) =>
    store.add({
      id,
      accountId: '000000000000',
      region: 'us-east-1',
      functionName,
      payload: Buffer.from(JSON.stringify(behaviour)),
      acceptedAt: clock.now(),
      attempts: 0,
      nextAttemptAt: clock.now(),
    });
  const left = () => new SqliteAsyncEvents(database, writer).count();
  return { world, versions, newPump, accept, left, attempted, finishedAt };
}

test('a function that floods the queue does not keep another one waiting', async () => {
  const { world, newPump, accept, finishedAt } = scene();
  const pump = newPump();
  for (let n = 0; n < 300; n += 1) await accept(`slow-${n}`, 'a', { ms: 30_000, do: 'answer' });
  pump.look();
  await world.clock.advance(5_000);
  const at = world.clock.now();
  await accept('quick', 'b', { ms: 20, do: 'answer' });
  pump.look();
  await world.clock.advance(1_000);
  assert.equal(finishedAt.get('quick'), at + 50);
});

test('a reservation of one runs events one after the other, without a throttle between them', async () => {
  const { world, versions, newPump, accept, finishedAt, attempted } = scene();
  const a = versions.get('a') ?? aVersion();
  world.admission.reserve(a, 1);
  const pump = newPump();
  const start = world.clock.now();
  for (let n = 0; n < 50; n += 1) await accept(`e-${n}`, 'a', { ms: 100, do: 'answer' });
  pump.look();
  await world.clock.advance(6_000);
  assert.deepEqual([finishedAt.size, Math.max(...attempted.values()), world.aliveMost], [50, 1, 1]);
  assert.ok(Math.max(...finishedAt.values()) - start < 5_500);
});

const behaviours: Behaviour['do'][] = ['answer', 'answer', 'answer', 'throw', 'exit'];

async function night(seed: number): Promise<void> {
  const roll = dice(seed);
  const pick = (below: number) => Math.floor(roll() * below);
  const { world, versions, newPump, accept, left, attempted, finishedAt } = scene(
    { environmentsMax: 2 + pick(8), startingMax: 1 + pick(4) },
    // More than can be reserved together.
    10 + pick(20),
  );
  let pump = newPump();
  const good: string[] = [];
  const names = [...versions.keys()];
  for (let step = 0; step < 60; step += 1) {
    const name = names[pick(names.length)] ?? 'a';
    const chance = roll();
    if (chance < 0.08) {
      const version = versions.get(name) ?? aVersion();
      world.admission.reserve(version, roll() < 0.5 ? undefined : 1 + pick(3));
    } else if (chance < 0.12) {
      // The process dies: what it had claimed is due again in the next.
      void pump.stop();
      pump = newPump();
    } else {
      const what = behaviours[pick(behaviours.length)] ?? 'answer';
      if (what === 'answer') good.push(`e-${step}`);
      await accept(`e-${step}`, name, { ms: 1 + pick(500), do: what });
    }
    pump.look();
    await world.clock.advance(pick(200));
  }
  await world.clock.advance(8 * 3_600_000);
  assert.equal(left(), 0, `seed ${seed}: every event has ended`);
  for (const id of good) assert.ok(finishedAt.has(id), `seed ${seed}: ${id} never ran to its end`);
  for (const [id, count] of attempted) assert.ok(count >= 1 && count < 200, `seed ${seed}: ${id} ran ${count} times`);
  assert.deepEqual(world.faults, [], `seed ${seed}`);
}

test('fifty seeded nights: every event ends, those that can succeed do, whoever dies meanwhile', async () => {
  for (let seed = 1; seed <= 50; seed += 1) await night(seed);
});
