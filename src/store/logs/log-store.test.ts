import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { systemClock } from '../../base/clock.ts';
import { silentLog } from '../../observe/log.ts';
import { openStore, type Store } from '../open.ts';
import { migrate } from '../sqlite/migrate.ts';
import { schema } from '../sqlite/schema.ts';
import { comesBefore, foremost, hindmost, type StoredEvent } from './event-order.ts';
import { LogQueries } from './log-queries.ts';

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
    const forward = [...queries.forward(stream.id, { timestamp: 1, sequence: 1 })].map(
      ({ sequence, message }) => `${sequence} ${message}`,
    );
    assert.deepEqual(forward, ['1 0 b\n', '2 1 a\n', '3 1 b\n', '4 2 a\n', '5 2 b\n']);
    assert.deepEqual(
      [...queries.backward(stream.id, { timestamp: 11, sequence: 3 })].map(({ sequence }) => sequence),
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
    assert.deepEqual(
      [...queries.backward(one.id, hindmost)].map(({ sequence }) => sequence).slice(0, 3),
      [199, 198, 197],
    );
    assert.deepEqual(
      queries.streams(place, target.group, 399).map(({ name }) => name),
      ['one'],
    );
  }));

test('times that go back, within a block and between blocks, are read in order both ways, page by page', () =>
  withStore(async ({ logs }) => {
    const times = [50, 60, 10, 20, 20, 55, 5, 90, 60, 60, 0, 70, 30, 15];
    for (const [n, timestamp] of times.entries()) {
      // Now and then some go into one block.
      logs.append(target, [{ timestamp, message: `${timestamp}` }]);
      if (n % 3 !== 1) await logs.read();
    }
    const queries = await logs.read();
    const { id = 0 } = queries.stream(place, target.group, target.stream) ?? {};
    const expected = times
      .map((timestamp, sequence) => ({ timestamp, sequence }))
      .sort((a, b) => (comesBefore(a, b) ? -1 : 1));
    const positions = (events: readonly StoredEvent[]) =>
      events.map(({ timestamp, sequence }) => ({ timestamp, sequence }));
    assert.deepEqual(positions([...queries.forward(id, foremost)]), expected);
    assert.deepEqual(positions([...queries.backward(id, hindmost)]), expected.toReversed());
    for (const [n, position] of expected.entries()) {
      assert.deepEqual(positions([...queries.forward(id, position)]), expected.slice(n));
      assert.deepEqual(positions([...queries.backward(id, position)]), expected.slice(0, n).toReversed());
      assert.equal([...queries.merged([id], 0, { ...position, streamId: id })].length, expected.length - n - 1);
    }
  }));

test('a long stream whose times ascend is read a block at a time', () =>
  withStore(async ({ logs }, dataDir) => {
    for (let n = 0; n < 500; n += 1) {
      logs.append(target, [{ timestamp: 7, message: `${n}` }]);
      if (n % 2 === 1) await logs.read();
    }
    const database = new DatabaseSync(join(dataDir, 'lambent.db'), { readOnly: true });
    const { blocks } = database.prepare('SELECT count(*) AS blocks FROM log_block').get() ?? {};
    assert.ok(Number(blocks) > 200, `more than one page of blocks: ${blocks}`);
    const queries = new LogQueries(database);
    const read = queries.forward(1, foremost);
    assert.equal(read.next().value?.message, '0');
    const change = new DatabaseSync(join(dataDir, 'lambent.db'));
    change.exec('DELETE FROM log_block WHERE first_sequence > 1');
    change.close();
    // Had it read ahead, there would be more.
    assert.equal([...read].length, 1);
    database.close();
  }));

test('the number of a stream that was deleted is not used again', () =>
  withStore(async ({ logs }) => {
    const numbers: (number | undefined)[] = [];
    for (let n = 0; n < 3; n += 1) {
      logs.append(target, [{ timestamp: 1, message: 'x' }]);
      numbers.push((await logs.read()).stream(place, target.group, target.stream)?.id);
      await logs.deleteStream(place, target.group, target.stream);
    }
    assert.equal(new Set(numbers).size, 3);
  }));

test('a data folder of before keeps its streams', () =>
  withStore(async (first, dataDir) => {
    await first.close();
    const path = join(dataDir, 'lambent.db');
    rmSync(path);
    const database = new DatabaseSync(path);
    migrate(database, schema.slice(0, 2));
    database.exec(`
      INSERT INTO log_stream VALUES (7, '${place.accountId}', '${place.region}', 'g', 's', 1, 2, 2, 3, 1);
      INSERT INTO log_block VALUES (7, 0, 1, 2, 2, 3, CAST('[[2,"old"]]' AS BLOB));`);
    database.close();
    const store = await open(dataDir);
    store.logs.append({ ...place, group: 'g', stream: 's' }, [{ timestamp: 9, message: 'new' }]);
    store.logs.append({ ...place, group: 'g', stream: 'later' }, [{ timestamp: 9, message: 'x' }]);
    const queries = await store.logs.read();
    assert.deepEqual(
      [...queries.forward(7, foremost)].map(({ message }) => message),
      ['old', 'new'],
    );
    assert.ok((queries.stream(place, 'g', 'later')?.id ?? 0) > 7);
    await store.close();
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
    usage.record({ ...metered(10, 1024), initMs: 0.07, extraRequests: 12, extraStorageMb: 512 });
    usage.record({ ...metered(100), provisioned: true, initMs: 0.01, streamedBytes: 6 * 1024 * 1024 + 5 });
    const { requestId, finishedAt, billedMs, ...version } = metered(0);
    usage.allocated({ ...version, at: finishedAt, allocatedMs: 8000 });
    await logs.read();
    assert.deepEqual(usage.usage(place), [
      {
        functionName: 'f',
        version: '$LATEST',
        architecture: 'x86_64',
        day: '2026-01-01',
        requests: 5,
        extraRequests: 12,
        billedMs: 116,
        gbSeconds: (106 * 128 + 10 * 1024) / 1024 / 1000,
        initMs: 0.08,
        streamedBytes: 6 * 1024 * 1024 + 5,
        streamedExtraBytes: 5,
        provisionedRequests: 1,
        provisionedGbSeconds: (100 * 128) / 1024 / 1000,
        allocatedGbSeconds: 1,
        storageGbSeconds: (10 * 512) / 1024 / 1000,
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
    const numbers = [...queries.forward(stream?.id ?? 0, foremost)].map(({ message }) => message);
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
