import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dice } from '../harness/dice.ts';
import { aVersion, type Behaviour, World } from './world.ts';

const behaviours: Behaviour['do'][] = ['answer', 'answer', 'answer', 'answer', 'throw', 'exit', 'hang', 'fatal'];

async function night(seed: number): Promise<void> {
  const roll = dice(seed);
  const pick = (below: number) => Math.floor(roll() * below);
  const environmentsMax = 1 + pick(5);
  const world = new World(
    {
      environmentsMax,
      memoryBudgetMb: 600 + 200 * pick(5),
      idleMsMax: 5_000,
      startingMax: 1 + pick(4),
      initialisingMax: 1 + pick(8),
    },
    1 + pick(20),
  );
  world.bootMs = pick(3) * 20;
  const versions = Array.from({ length: 1 + pick(4) }, () =>
    aVersion({ timeoutSeconds: 1 + pick(3), memorySizeMb: 128 << pick(3) }),
  );
  let unanswered = 0;
  for (let n = 0; n < 60; n += 1) {
    world.initOutcome = roll() < 0.9 ? 'ready' : roll() < 0.5 ? 'init-error' : 'exit';
    const version = versions[pick(versions.length)];
    assert.ok(version);
    const behaviour = behaviours[pick(behaviours.length)] ?? 'answer';
    unanswered += 1;
    void world.invoke(version, { ms: pick(200), do: behaviour }, roll() < 0.3).then(() => {
      unanswered -= 1;
    });
    if (roll() < 0.05) world.pool.retireVersion(version.id);
    await world.clock.advance(pick(100));
  }
  await world.clock.advance(300_000);
  assert.equal(unanswered, 0, `seed ${seed}: ${unanswered} invocations were never answered`);
  assert.deepEqual(world.faults, [], `seed ${seed}`);
  assert.ok(world.aliveMost <= environmentsMax, `seed ${seed}: ${world.aliveMost} of ${environmentsMax} environments`);
  assert.equal(world.alive, 0, `seed ${seed}: environments left after every one was idle for long`);
  assert.equal(world.pool.count, 0, `seed ${seed}`);
}

test('three hundred seeded nights: every invocation is answered, limits hold, nothing is left over', async () => {
  const only = process.env.LAMBENT_SEED;
  const seeds = only === undefined ? Array.from({ length: 300 }, (_, n) => n + 1) : [Number(only)];
  for (const seed of seeds) await night(seed);
});
