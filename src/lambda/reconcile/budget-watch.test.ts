import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../base/clock.ts';
import { ManualClock } from '../../base/manual-clock.ts';
import { systemRandom as random } from '../../base/random.ts';
import { type Log, silentLog } from '../../observe/log.ts';
import { openStore, type Store } from '../../store/open.ts';
import { BudgetWatch } from './budget-watch.ts';

const november = Date.UTC(2026, 10, 15);
const december = Date.UTC(2026, 11, 15);

/** As much as costs so many dollars at the price of x86_64. */
function use(store: Store, dollars: number, finishedAt: number): void {
  const version = { accountId: '000000000000', region: 'us-east-1', functionName: 'f', version: '1' };
  const billedMs = Math.ceil((dollars / 0.0000166667) * 1000) + 1;
  const size = { memorySizeMb: 1024, architecture: 'x86_64' as const };
  store.usage.record({ ...version, ...size, requestId: 'r', finishedAt, billedMs });
}

/** What a server that is started, looks once, and ends tells. */
async function looked(dataDir: string, at: number, notify?: () => Promise<void>) {
  const store = await openStore({ dataDir, clock: systemClock, log: silentLog });
  const clock = new ManualClock(at);
  const told: unknown[] = [];
  const said: string[] = [];
  const say = (message: string) => said.push(message);
  const log: Log = { debug: say, info: say, warn: say, error: say };
  const watch = new BudgetWatch({
    budgets: [1, 5],
    usage: store.usage,
    settled: () => store.logs.read(),
    notify: notify ?? (async (event) => void told.push(JSON.parse(event.toString()).detail)),
    resources: store.resources,
    clock,
    random,
    log,
  });
  watch.begin();
  await clock.advance(0);
  await watch.stop();
  await store.close();
  return { told: told.map((detail) => Object(detail).budget), said };
}

async function withData(
  run: (dataDir: string, spend: (dollars: number, at: number) => Promise<void>) => Promise<void>,
) {
  const dataDir = mkdtempSync(join(tmpdir(), 'lambent-budget-'));
  try {
    await run(dataDir, async (dollars, at) => {
      const store = await openStore({ dataDir, clock: systemClock, log: silentLog });
      use(store, dollars, at);
      await store.close();
    });
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const freeTier = 400_000 * 0.0000166667;

test('each amount is told once a month, whatever restarts, and anew in the next month', () =>
  withData(async (dataDir, spend) => {
    await spend(freeTier * 0.99, november);
    assert.deepEqual(await looked(dataDir, november), { told: [], said: [] }, 'the free tier costs nothing');
    await spend(freeTier * 0.01 + 1.01, november);
    assert.deepEqual((await looked(dataDir, november)).told, [1]);
    assert.deepEqual(await looked(dataDir, november), { told: [], said: [] });
    await spend(50, november);
    const { told, said } = await looked(dataDir, november);
    assert.deepEqual([told, said.length], [[5], 1]);
    await spend(freeTier + 50, december);
    assert.deepEqual((await looked(dataDir, december)).told, [1, 5]);
  }));

test('what could not be told is tried again', () =>
  withData(async (dataDir, spend) => {
    await spend(freeTier + 2, november);
    const { said } = await looked(dataDir, november, () => Promise.reject(new Error('Function not found')));
    assert.deepEqual(said, ['Cannot look after the budgets']);
    assert.deepEqual((await looked(dataDir, november)).told, [1]);
  }));
