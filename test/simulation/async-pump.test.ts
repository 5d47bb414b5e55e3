import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../src/base/manual-clock.ts';
import { AsyncPump } from '../../src/lambda/invoke/async-pump.ts';
import type { AsyncEvent, AsyncStore } from '../../src/lambda/invoke/async-store.ts';
import type { InvokeResult } from '../../src/lambda/invoke/door.ts';
import { silentLog } from '../../src/observe/log.ts';
import { aVersion } from './world.ts';

/** The queue's contract in memory; `crash` forgets what was only claimed, as a new process would. */
class MemoryQueue implements AsyncStore {
  readonly events = new Map<string, AsyncEvent>();
  #claimed = new Set<string>();

  async add(event: AsyncEvent): Promise<void> {
    this.events.set(event.id, event);
  }

  claim(limit: number, now: number): AsyncEvent[] {
    const due = [...this.events.values()].filter(
      ({ id, nextAttemptAt }) => nextAttemptAt <= now && !this.#claimed.has(id),
    );
    for (const { id } of due.slice(0, limit)) this.#claimed.add(id);
    return due.slice(0, limit);
  }

  async settle(id: string): Promise<void> {
    this.events.delete(id);
    this.#claimed.delete(id);
  }

  async postpone(id: string, next: { attempts: number; nextAttemptAt: number }): Promise<void> {
    const event = this.events.get(id);
    if (event !== undefined) this.events.set(id, { ...event, ...next });
    this.#claimed.delete(id);
  }

  nextDueAt(): number | undefined {
    const waiting = [...this.events.values()].filter(({ id }) => !this.#claimed.has(id));
    return waiting.length === 0 ? undefined : Math.min(...waiting.map(({ nextAttemptAt }) => nextAttemptAt));
  }

  count(): number {
    return this.events.size;
  }

  crash(): void {
    this.#claimed = new Set();
  }
}

const failure: InvokeResult = { kind: 'function-error', payload: Buffer.from('{}') };
const throttled: InvokeResult = { kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded' };

function scene(answer: (attempt: number) => InvokeResult | Promise<InvokeResult>) {
  const clock = new ManualClock();
  const store = new MemoryQueue();
  const version = aVersion();
  const attemptedAt: number[] = [];
  const start = clock.now();
  const pump = new AsyncPump({
    store,
    clock,
    log: silentLog,
    concurrencyMax: 4,
    resolve: () => version,
    door: {
      invoke: async () => {
        attemptedAt.push((clock.now() - start) / 1000);
        return answer(attemptedAt.length);
      },
    },
  });
  const accept = (id: string) =>
    store.add({
      id,
      accountId: version.accountId,
      region: version.region,
      functionName: version.name,
      payload: Buffer.from('{}'),
      acceptedAt: clock.now(),
      attempts: 0,
      nextAttemptAt: clock.now(),
    });
  return { clock, store, pump, attemptedAt, accept };
}

test('an accepted event runs once and is forgotten', async () => {
  const { clock, store, pump, attemptedAt, accept } = scene(() => ({ kind: 'success', payload: Buffer.from('1') }));
  await accept('a');
  pump.look();
  await clock.advance(1_000);
  assert.deepEqual([attemptedAt, store.count()], [[0], 0]);
});

test('a function error is tried again after one minute and then after two, and then dropped', async () => {
  const { clock, store, pump, attemptedAt, accept } = scene(() => failure);
  await accept('a');
  pump.look();
  await clock.advance(3_600_000);
  assert.deepEqual([attemptedAt, store.count()], [[0, 60, 180], 0]);
});

test('throttles do not count as attempts; the waits grow to five minutes, until six hours have passed', async () => {
  const { clock, store, pump, attemptedAt, accept } = scene(() => throttled);
  await accept('a');
  pump.look();
  await clock.advance(7 * 3_600_000);
  assert.deepEqual(attemptedAt.slice(0, 5), [0, 1, 2, 4, 8]);
  const last = attemptedAt.at(-1) ?? 0;
  assert.ok(last > 21_000 && last <= 21_600, `the last attempt came after ${last} s`);
  assert.equal(store.count(), 0);
});

test('no more events run at once than there are places, and all of them run', async () => {
  let running = 0;
  let most = 0;
  const world = scene(async () => {
    running += 1;
    most = Math.max(most, running);
    await world.clock.sleep(100);
    running -= 1;
    return { kind: 'success', payload: Buffer.from('1') };
  });
  for (let n = 0; n < 21; n += 1) await world.accept(`e-${n}`);
  world.pump.look();
  await world.clock.advance(10_000);
  assert.deepEqual([most, world.attemptedAt.length, world.store.count()], [4, 21, 0]);
});

test('what had not been settled when the process ended runs after the next start', async () => {
  const { clock, store, pump, attemptedAt, accept } = scene((attempt) =>
    attempt === 1 ? new Promise<never>(() => {}) : { kind: 'success', payload: Buffer.from('1') },
  );
  await accept('a');
  pump.look();
  await clock.advance(10);
  store.crash();
  pump.look();
  await clock.advance(10);
  assert.deepEqual([attemptedAt.length, store.count()], [2, 0]);
});
