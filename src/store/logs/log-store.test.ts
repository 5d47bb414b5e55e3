import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { systemClock } from '../../base/clock.ts';
import { silentLog } from '../../observe/log.ts';
import { openStore, type Store } from '../open.ts';

const place = { accountId: '000000000000', region: 'us-east-1' };
const target = { ...place, group: '/aws/lambda/f', stream: '2026/01/01/[$LATEST]a' };

async function withStore(run: (store: Store, dataDir: string) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lambent-logs-'));
  try {
    const store = await open(dataDir);
    try {
      await run(store, dataDir);
    } finally {
      await store.close();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const open = (dataDir: string) => openStore({ dataDir, clock: systemClock, log: silentLog });

function metered(billedMs: number, memorySizeMb = 128) {
  return {
    ...place,
    functionName: 'f',
    version: '$LATEST',
    requestId: 'r',
    finishedAt: Date.UTC(2026, 0, 1, 12),
    billedMs,
    memorySizeMb,
    architecture: 'x86_64' as const,
  };
}

test('events come back in order, numbered through all batches', () =>
  withStore(async ({ logs }) => {
    for (let batch = 0; batch < 3; batch += 1) {
      logs.append(target, [
        { timestamp: 10 * batch, message: `${batch} a\n` },
        { timestamp: 10 * batch + 1, message: `${batch} b\n` },
      ]);
      await logs.read();
    }
    const queries = await logs.read();
    const stream = queries.stream(place, target.group, target.stream);
    assert.ok(stream);
    assert.deepEqual([stream.firstTime, stream.lastTime, stream.nextSequence], [0, 21, 6]);
    const forward = [...queries.forward(stream.id, 1)].map(({ sequence, message }) => `${sequence} ${message}`);
    assert.deepEqual(forward, ['1 0 b\n', '2 1 a\n', '3 1 b\n', '4 2 a\n', '5 2 b\n']);
    assert.deepEqual(
      [...queries.backward(stream.id, 3)].map(({ sequence }) => sequence),
      [2, 1, 0],
    );
  }));

test('streams are merged by time', () =>
  withStore(async ({ logs }) => {
    for (let n = 0; n < 10; n += 1) {
      logs.append({ ...target, stream: n % 2 === 0 ? 'even' : 'odd' }, [{ timestamp: n, message: String(n) }]);
    }
    const queries = await logs.read();
    const ids = queries.streams(place, target.group).map(({ id }) => id);
    assert.deepEqual(
      [...queries.merged(ids, 4)].map(({ message }) => message),
      ['4', '5', '6', '7', '8', '9'],
    );
  }));

test('many streams are merged by time, through blocks of the largest size', () =>
  withStore(async ({ logs }) => {
    const line = 'x'.repeat(10_000);
    for (let n = 0; n < 200; n += 1) {
      const stream = `s${(n * 7) % 13}`;
      logs.append({ ...target, stream }, [{ timestamp: 2 * n, message: `${2 * n} ${line}` }]);
      logs.append({ ...target, stream: 'one' }, [{ timestamp: 2 * n + 1, message: `${2 * n + 1} ${line}` }]);
    }
    const queries = await logs.read();
    const streams = queries.streams(place, target.group);
    const numbers = [
      ...queries.merged(
        streams.map(({ id }) => id),
        3,
      ),
    ].map(({ message }) => Number.parseInt(message, 10));
    assert.deepEqual(
      numbers,
      Array.from({ length: 397 }, (_, n) => n + 3),
    );
    const one = queries.stream(place, target.group, 'one');
    assert.ok(one);
    assert.deepEqual([...queries.backward(one.id, 200)].map(({ sequence }) => sequence).slice(0, 3), [199, 198, 197]);
    assert.deepEqual(
      queries.streams(place, target.group, 399).map(({ name }) => name),
      ['one'],
    );
  }));

test('a journal that cannot be written throws nothing, and the database gets all the same', () =>
  withStore(async (first, dataDir) => {
    await first.close();
    const script = join(dataDir, 'fills-the-journal.mts');
    writeFileSync(script, fillsTheJournal(dataDir));
    // Files of this process end at 1 MiB, as if the disk were full; the journal alone gets there.
    const limits = `trap '' XFSZ; ulimit -f 2048; exec "$0" "$1"`;
    const { stdout, stderr } = spawnSync('/bin/sh', ['-c', limits, process.execPath, script], { encoding: 'utf8' });
    assert.deepEqual([stdout, stderr], ['10000 after "Cannot write the journal of function logs and usage"\n', '']);
    const store = await open(dataDir);
    assert.equal(store.usage.usage(place)[0]?.requests, 10_000);
    await store.close();
  }));

function fillsTheJournal(dataDir: string): string {
  return `
    ${storeIn(dataDir, 'said = message')}
    let said = '';
    for (let n = 0; n < 10_000; n += 1) {
      store.usage.record(${JSON.stringify(metered(1))});
      store.logs.persist();
    }
    await store.logs.read();
    console.log(store.usage.usage({})[0].requests, 'after', JSON.stringify(said));
    await store.close();`;
}

/** The beginning of a program that has a store; `onError` sees each `message` it logs as an error. */
function storeIn(dataDir: string, onError: string): string {
  return `
    import { openStore } from ${JSON.stringify(join(import.meta.dirname, '../open.ts'))};
    import { systemClock } from ${JSON.stringify(join(import.meta.dirname, '../../base/clock.ts'))};
    const log = { debug() {}, info() {}, warn() {}, error(message) { ${onError}; } };
    const store = await openStore({ dataDir: ${JSON.stringify(dataDir)}, clock: systemClock, log });`;
}

test('the ledger sums exactly, by function and day', () =>
  withStore(async ({ logs, usage }) => {
    for (const billedMs of [1, 2, 3]) usage.record(metered(billedMs));
    usage.record(metered(10, 1024));
    await logs.read();
    assert.deepEqual(usage.usage(place), [
      {
        functionName: 'f',
        version: '$LATEST',
        architecture: 'x86_64',
        day: '2026-01-01',
        requests: 4,
        billedMs: 16,
        gbSeconds: (6 * 128 + 10 * 1024) / 1024 / 1000,
      },
    ]);
    assert.deepEqual(usage.usage({ ...place, fromDay: '2026-01-02' }), []);
  }));

test('what was flushed is there after the process ended without a word, once', async () => {
  await withStore(async (first, dataDir) => {
    await first.close();
    for (let round = 0; round < 3; round += 1) await killedWhileLogging(dataDir);
    const store = await open(dataDir);
    const queries = await store.logs.read();
    const stream = queries.stream(place, target.group, target.stream);
    const numbers = [...queries.forward(stream?.id ?? 0, 0)].map(({ message }) => message);
    assert.equal(new Set(numbers).size, numbers.length, 'nothing twice');
    for (const said of acknowledged) assert.ok(numbers.includes(said), `${said} was acknowledged and is lost`);
    assert.equal(store.usage.usage(place)[0]?.requests, numbers.length, 'the bill and the log agree');
    await store.close();
  });
});

const acknowledged: string[] = [];
let runs = 0;

/** Logs and meters as fast as it can, says what it has flushed, and is killed amid that. */
async function killedWhileLogging(dataDir: string): Promise<void> {
  runs += 1;
  const script = `
    ${storeIn(dataDir, '')}
    for (let n = 0; ; n += 1) {
      const message = '${runs}-' + n;
      store.logs.append(${JSON.stringify(target)}, [{ timestamp: n, message }]);
      store.usage.record(${JSON.stringify(metered(1))});
      store.logs.persist();
      process.stdout.write(message + '\\n');
      if (n % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }`;
  const file = join(dataDir, 'logs-and-never-ends.mts');
  writeFileSync(file, script);
  const child: ChildProcess = spawn(process.execPath, [file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  assert.ok(child.stdout);
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => acknowledged.push(line));
  while (acknowledged.filter((line) => line.startsWith(`${runs}-`)).length < 1500) await once(lines, 'line');
  child.kill('SIGKILL');
  await once(child, 'close');
}
