import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InvokeResult } from '../../src/lambda/invoke/door.ts';
import { aVersion, type Behaviour, World } from './world.ts';

const answer: Behaviour = { ms: 20, do: 'answer' };

function text(result: InvokeResult): string {
  return 'payload' in result ? result.payload.toString() : JSON.stringify(result);
}

function tail(result: InvokeResult): string {
  return 'logTail' in result ? String(result.logTail) : '';
}

async function one(world: World, behaviour: Behaviour, version = aVersion()): Promise<InvokeResult> {
  const result = world.invoke(version, behaviour);
  await world.clock.advance(20_000);
  return result;
}

test('a first invocation initialises, the second reuses', async () => {
  const world = new World();
  const version = aVersion();
  const first = await one(world, answer, version);
  const second = await one(world, answer, version);
  assert.match(tail(first), /Duration: 20\.00 ms\tBilled Duration: 50 ms\t.*Init Duration: 30\.00 ms\t/);
  assert.match(tail(second), /Billed Duration: 20 ms\t/);
  assert.doesNotMatch(tail(second), /Init Duration/);
  assert.equal(world.started, 1);
  assert.deepEqual(world.faults, []);
});

test('concurrent invocations each get an environment of their own', async () => {
  const world = new World();
  const version = aVersion();
  const results = Array.from({ length: 5 }, () => world.invoke(version, { ms: 500, do: 'answer' }));
  await world.clock.advance(1_000);
  for (const result of await Promise.all(results)) assert.equal(text(result), '"ok"');
  assert.equal(world.started, 5);
  assert.deepEqual(world.faults, []);
});

test('short invocations share environments instead of starting more', async () => {
  const world = new World();
  const version = aVersion();
  await one(world, { ms: 1, do: 'answer' }, version);
  const results = Array.from({ length: 8 }, () => world.invoke(version, { ms: 1, do: 'answer' }));
  await world.clock.advance(1_000);
  await Promise.all(results);
  assert.equal(world.started, 1);
});

test('a wait that turns out longer than a start ends in one', async () => {
  const world = new World();
  const version = aVersion();
  await one(world, { ms: 1, do: 'answer' }, version);
  const slow = world.invoke(version, { ms: 2_000, do: 'answer' });
  await world.clock.advance(5);
  const quick = world.invoke(version, { ms: 1, do: 'answer' });
  await world.clock.advance(200);
  assert.equal(text(await quick), '"ok"');
  await world.clock.advance(3_000);
  assert.equal(text(await slow), '"ok"');
  assert.equal(world.started, 2);
});

test('a timeout answers Sandbox.Timedout, resets, and the next invocation initialises within itself', async () => {
  const world = new World();
  const version = aVersion();
  const late = await one(world, { ms: 0, do: 'hang' }, version);
  assert.match(
    text(late),
    /^{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: r-\d+ Error: Task timed out after 3.00 seconds"}$/,
  );
  assert.match(tail(late), /Task timed out after 3\.00 seconds\n\nEND RequestId/);
  assert.match(tail(late), /Duration: 3000\.00 ms\t.*Status: timeout/);
  const next = await one(world, answer, version);
  assert.equal(text(next), '"ok"');
  assert.match(tail(next), /Duration: 50\.00 ms\tBilled Duration: 50 ms/);
  assert.equal(world.started, 2);
});

test('a runtime that exits answers Runtime.ExitError', async () => {
  const world = new World();
  const result = await one(world, { ms: 5, do: 'exit' });
  assert.match(
    text(result),
    /{"errorType":"Runtime.ExitError","errorMessage":"RequestId: r-\d+ Error: Runtime exited with error: exit status 3"}/,
  );
  assert.match(tail(result), /Status: error\tError Type: Runtime\.ExitError/);
});

test('after a fatal error nothing is sent to the dying runtime', async () => {
  const world = new World();
  const version = aVersion();
  const results = [world.invoke(version, { ms: 5, do: 'fatal' }), world.invoke(version, answer)];
  await world.clock.advance(5_000);
  await Promise.all(results);
  assert.deepEqual(world.faults, []);
});

test('a failing init is tried again inside the invocation, and its error is the answer', async () => {
  const world = new World();
  world.initOutcome = 'init-error';
  const result = await one(world, answer);
  assert.equal(result.kind, 'function-error');
  assert.match(text(result), /Runtime\.ImportModuleError/);
  assert.equal(world.started, 2);
  const lines = world.events.map(({ message }) => message).join('');
  assert.match(
    lines,
    /INIT_START[^\n]*\nINIT_REPORT [^\n]*Phase: init\tStatus: error\tError Type: Runtime.ImportModuleError\nSTART[^\n]*\nINIT_REPORT [^\n]*Phase: invoke/,
  );
});

test('an init without end is cut at ten seconds, and then at the timeout of the function', async () => {
  const world = new World();
  world.initOutcome = 'hang';
  const result = await one(world, answer);
  assert.match(text(result), /Sandbox\.Timedout/);
  const lines = world.events.map(({ message }) => message).join('');
  assert.match(lines, /INIT_REPORT Init Duration: 10000\.00 ms\tPhase: init\tStatus: timeout/);
});

test('idle environments freeze, thaw for work, and are reclaimed', async () => {
  const world = new World({ idleMsMax: 60_000 });
  const version = aVersion();
  await one(world, answer, version);
  assert.equal(text(await one(world, answer, version)), '"ok"');
  await world.clock.advance(120_000);
  assert.equal(world.pool.count, 0);
  assert.equal(world.alive, 0);
  assert.deepEqual(world.faults, []);
});

test('with no room left the longest idle environment makes some', async () => {
  const world = new World({ environmentsMax: 2 });
  const [a, b, c] = [aVersion(), aVersion(), aVersion()];
  for (const version of [a, b, c]) await one(world, answer, version);
  assert.equal(world.pool.count, 2);
  assert.equal(world.started, 3);
  await one(world, answer, b);
  assert.equal(world.started, 3, 'the second one was still there');
});

test('the memory budget holds, and who does not fit waits', async () => {
  const world = new World({ memoryBudgetMb: 1024 });
  const version = aVersion({ memorySizeMb: 512 });
  const results = Array.from({ length: 6 }, () => world.invoke(version, { ms: 400, do: 'answer' }));
  await world.clock.advance(5_000);
  for (const result of await Promise.all(results)) assert.equal(text(result), '"ok"');
  assert.equal(world.aliveMost, 2);
});

test('a wait has an end', async () => {
  const world = new World({ environmentsMax: 1, leaseWaitMsMax: 1_000 });
  const slow = aVersion({ timeoutSeconds: 60 });
  const first = world.invoke(slow, { ms: 10_000, do: 'answer' });
  await world.clock.advance(100);
  const second = world.invoke(aVersion(), answer);
  await world.clock.advance(2_000);
  assert.deepEqual(await second, { kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded' });
  await world.clock.advance(20_000);
  assert.equal(text(await first), '"ok"');
});

test('beyond the account limit invocations are throttled', async () => {
  const world = new World({}, 2);
  const version = aVersion();
  const results = Array.from({ length: 3 }, () => world.invoke(version, answer));
  await world.clock.advance(1_000);
  const kinds = (await Promise.all(results)).map(({ kind }) => kind);
  assert.deepEqual(kinds, ['success', 'success', 'throttled']);
});

test('after its version was replaced an environment finishes its work and goes', async () => {
  const world = new World();
  const version = aVersion();
  const running = world.invoke(version, { ms: 500, do: 'answer' });
  await world.clock.advance(100);
  world.pool.retireVersion(version.id);
  await world.clock.advance(1_000);
  assert.equal(text(await running), '"ok"');
  assert.equal(world.pool.count, 0);
});

test('the ledger and the REPORT lines agree', async () => {
  const world = new World();
  const version = aVersion();
  for (let n = 0; n < 5; n += 1) await one(world, { ms: 10 + n, do: n === 3 ? 'throw' : 'answer' }, version);
  const reported = world.events
    .flatMap(({ message }) => /Billed Duration: (\d+) ms/.exec(message)?.[1] ?? [])
    .map(Number);
  assert.deepEqual(
    world.metered.map(({ billedMs }) => billedMs),
    reported,
  );
});

test('no more environments boot at once than the machine boots well, and those that boot do not wait for init', async () => {
  const world = new World({ startingMax: 2 });
  const version = aVersion();
  world.bootMs = 50;
  world.initMs = 1_000;
  const results = Array.from({ length: 6 }, () => world.invoke(version, { ms: 500, do: 'answer' }));
  await world.clock.advance(49);
  assert.equal(world.started, 2);
  await world.clock.advance(100);
  assert.equal(world.started, 6);
  await world.clock.advance(1_600);
  for (const result of await Promise.all(results)) assert.equal(text(result), '"ok"');
});

test('whoever waits for more memory than is left gets it when those who have it rest', async () => {
  const world = new World({ memoryBudgetMb: 600 });
  const [small, middle, large] = [128, 256, 512].map((memorySizeMb) => aVersion({ memorySizeMb }));
  assert.ok(small && middle && large);
  const busy = [small, middle].map((version) => world.invoke(version, { ms: 100, do: 'answer' }));
  await world.clock.advance(50);
  let answer = '';
  void world.invoke(large, { ms: 10, do: 'answer' }).then((result) => {
    answer = text(result);
  });
  await world.clock.advance(1_000);
  for (const result of await Promise.all(busy)) assert.equal(text(result), '"ok"');
  assert.equal(answer, '"ok"');
  assert.ok(world.memoryMbMost <= 600);
});

test('no more environments initialise at once than may', async () => {
  const world = new World({ initialisingMax: 2 });
  const version = aVersion();
  const results = Array.from({ length: 6 }, () => world.invoke(version, { ms: 500, do: 'answer' }));
  await world.clock.advance(world.initMs - 1);
  assert.equal(world.started, 2);
  await world.clock.advance(5_000);
  for (const result of await Promise.all(results)) assert.equal(text(result), '"ok"');
  assert.equal(world.started, 6);
});

test('whoever has a caller goes before asynchronous events', async () => {
  const world = new World({ environmentsMax: 1 });
  const version = aVersion({ timeoutSeconds: 60 });
  const order: string[] = [];
  const run = (name: string, background: boolean) =>
    world.invoke(version, { ms: 100, do: 'answer' }, background).then(() => order.push(name));
  const all = [
    run('event 1', true),
    run('event 2', true),
    run('event 3', true),
    run('call 1', false),
    run('call 2', false),
  ];
  await world.clock.advance(5_000);
  await Promise.all(all);
  assert.deepEqual(order, ['call 1', 'call 2', 'event 1', 'event 2', 'event 3']);
});

test('a backlog of short asynchronous events starts no more environments, one of long events does', async () => {
  const backlogOf = async (ms: number) => {
    const world = new World();
    const version = aVersion();
    await one(world, { ms, do: 'answer' }, version);
    const results = Array.from({ length: 64 }, () => world.invoke(version, { ms, do: 'answer' }, true));
    await world.clock.advance(10_000);
    await Promise.all(results);
    return world.started;
  };
  assert.equal(await backlogOf(3), 1);
  // 64 of 100 ms keep each waiting for less than a quarter of a second when so many run.
  assert.ok((await backlogOf(100)) >= 20);
});
