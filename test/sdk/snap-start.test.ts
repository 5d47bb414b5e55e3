/** Versions with SnapStart: initialised once, and copied, in both kinds of sandbox. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteFunctionCommand,
  GetFunctionConfigurationCommand,
  type LambdaClient,
  PublishVersionCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { whyNothingIsHeld } from '../../src/lambda/environments/sandbox/namespace/copy/able.ts';
import { Interpreters } from '../../src/lambda/runtimes/python/interpreters.ts';
import { createFunction, type Invoked, invoke, lambdaClient } from '../harness/client.ts';
import { zip } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

/** In namespaces, root has to be what root is on a machine of its own. */
const unable = process.getuid?.() === 0 ? whyNothingIsHeld() : false;
const interpreters = new Interpreters([]);
const python = ['3.13', '3.12', '3.14'].find((version) => interpreters.find(version) !== undefined);
const skip =
  process.platform !== 'linux' || process.arch !== 'x64' || python === undefined
    ? 'needs Linux on x86-64 and a Python from 3.12 on'
    : false;
const source = readFileSync(join(import.meta.dirname, '../fixtures/python/snapped.py'));
const code = zip([{ name: 'snapped.py', content: source }]);
const waitMsMax = 30_000;

interface Told {
  readonly born: string;
  readonly seen: string[];
  readonly calls: number;
  readonly chance: unknown[];
  readonly read: string;
  readonly connected: unknown;
  readonly tmp: string[];
  readonly processes: string[];
  readonly rights: string[];
  readonly type: string;
  readonly streams: [string, string];
  readonly apart: string[];
}

/** `auto` is namespaces where they work, and then what they hold is looked at. */
for (const sandbox of ['auto', 'process']) {
  describe(`SnapStart, --sandbox ${sandbox}`, { skip: skip || (sandbox === 'auto' && unable) }, () => {
    let server: Server;
    let client: LambdaClient;
    let isolated = false;

    before(async () => {
      server = await startServer({ flags: ['--sandbox', sandbox] });
      client = lambdaClient(server.endpoint);
      isolated = server.log().includes('sandbox=namespace');
    });
    after(() => server[Symbol.asyncDispose]());

    async function publish(FunctionName: string) {
      const published = await client.send(new PublishVersionCommand({ FunctionName }));
      assert.deepEqual([published.State, published.StateReasonCode], ['Pending', 'Creating']);
      return settled(FunctionName, published.Version ?? '');
    }

    async function settled(FunctionName: string, Qualifier: string) {
      for (const late = Date.now() + waitMsMax; ; await sleep(20)) {
        const found = await client.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier }));
        if (found.State !== 'Pending') return found;
        assert.ok(Date.now() < late, 'the version waits for ever');
      }
    }

    async function create(name: string, init = '') {
      await createFunction(client, {
        name,
        zip: code,
        Runtime: `python${python}` as 'python3.12',
        Handler: 'snapped.handler',
        Timeout: 30,
        SnapStart: { ApplyOn: 'PublishedVersions' },
        Environment: { Variables: { INIT: init, MARKER: name } },
      });
    }

    async function ask(name: string, payload: object = {}, Qualifier = '1') {
      const answer = await invoke(client, name, payload, { Qualifier });
      assert.equal(answer.error, undefined, JSON.stringify(answer.payload));
      return { ...answer, told: toldIn(answer) };
    }

    /** The server may not have heard yet that a process is gone, and then its invocation fails. */
    async function askUntilWell(name: string): Promise<Told> {
      for (const late = Date.now() + waitMsMax; ; ) {
        const answer = await invoke(client, name, {}, { Qualifier: '1' });
        if (answer.error === undefined) return toldIn(answer);
        const { errorType } = answer.payload as { errorType: string };
        assert.ok(errorType === 'Runtime.ExitError' && Date.now() < late, JSON.stringify(answer.payload));
      }
    }

    /** Two environments at once: each answers while the other is busy. */
    async function askTwo(name: string) {
      for (let tries = 0; tries < 10; tries++) {
        // Where one was fast enough for both, its files are there when it is asked again.
        const names = [`one-${tries}`, `two-${tries}`] as const;
        const [one, two] = await Promise.all([
          ask(name, { write: names[0], sleep: 0.5 }),
          ask(name, { write: names[1], sleep: 0.5 }),
        ]);
        if (one.told.streams[0] !== two.told.streams[0]) return { one: one.told, two: two.told, names };
      }
      throw new Error('There was never more than one environment');
    }

    test('A version is Pending until it is initialised, and starts by restoring', async () => {
      await create('starts');
      const version = await publish('starts');
      assert.deepEqual(
        [version.State, version.StateReason, version.SnapStart],
        ['Active', undefined, { ApplyOn: 'PublishedVersions', OptimizationStatus: 'On' }],
      );
      const { tail, told } = await ask('starts');
      assert.match(tail, /\tRestore Duration: \d+\.\d\d ms\tBilled Restore Duration: \d+ ms\t/);
      assert.doesNotMatch(tail, /Init Duration/);
      assert.deepEqual(told.seen, ['init', 'before two', 'before one', 'after one', 'after two']);
      assert.deepEqual([told.type, told.calls, told.read], ['snap-start', 1, 'kept by init']);
      assert.equal(told.streams[0], told.streams[1]);
      const logs = new CloudWatchLogsClient({
        endpoint: server.endpoint,
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      });
      const command = new FilterLogEventsCommand({ logGroupName: '/aws/lambda/starts' });
      const lines = ((await logs.send(command)).events ?? []).map(({ message = '' }) => message.split(' ')[0]);
      assert.deepEqual(
        lines.filter((word) => /^(INIT|RESTORE)_/.test(word ?? '')),
        ['INIT_START', 'RESTORE_START', 'RESTORE_REPORT'],
      );
      logs.destroy();
    });

    test('Copies share what init made, and nothing that chance gave or that they do', async () => {
      await create('copies');
      await publish('copies');
      const { one, two, names } = await askTwo('copies');
      assert.equal(one.born, two.born);
      for (const [index, drawn] of one.chance.entries()) assert.notEqual(drawn, two.chance[index]);
      // Connections are of the process that made them.
      assert.deepEqual([one.connected, two.connected], ['BrokenPipeError', 'BrokenPipeError']);
      if (!isolated) return;
      for (const copy of [one, two]) {
        assert.equal(copy.processes.length, 2, copy.processes.join('; '));
        assert.ok(copy.tmp.includes('from-init'));
        assert.deepEqual(copy.rights, ['0000000000000000', '0000000000000000', '2']);
        assert.deepEqual(copy.apart, ['PermissionError', 'FileNotFoundError']);
      }
      const seen = [one, two].map(({ tmp }) => names.map((name) => tmp.includes(name)));
      assert.deepEqual(seen, [
        [true, false],
        [false, true],
      ]);
    });

    test('The memory limit is that of each copy, and the others live on', async () => {
      if (!isolated) return;
      await create('limits');
      await publish('limits');
      const { told } = await ask('limits', { sleep: 0.2 });
      const [killed, alive] = await Promise.all([
        invoke(client, 'limits', { eat: 400 }, { Qualifier: '1' }),
        ask('limits', { sleep: 0.5 }),
      ]);
      assert.equal((killed.payload as { errorType: string }).errorType, 'Runtime.OutOfMemory');
      assert.equal(alive.told.born, told.born);
      assert.equal((await ask('limits')).told.born, told.born);
    });

    const unfit: [init: string, why: RegExp][] = [
      ['thread', /^No snapshot was taken: its init left 1 threads running: poller$/],
      ['process', /^No snapshot was taken: its init left processes running: sleep$/],
      ['pipe', /^No snapshot was taken: its init opened what copies would share: pipe:/],
    ];
    for (const [init, why] of unfit) {
      test(`A version whose init leaves a ${init} runs without a snapshot, and says why`, async () => {
        await create(`leaves-${init}`, init);
        const version = await publish(`leaves-${init}`);
        assert.deepEqual([version.State, version.SnapStart?.OptimizationStatus], ['Active', 'Off']);
        assert.match(version.StateReason ?? '', why);
        const { tail, told } = await ask(`leaves-${init}`);
        assert.match(tail, /\tInit Duration: /);
        assert.deepEqual(told.seen, ['init', 'before two', 'before one', 'after one', 'after two']);
      });
    }

    test('A version whose init fails is Failed, with the error', async () => {
      await create('fails', 'fails');
      const version = await publish('fails');
      assert.deepEqual(
        [version.State, version.StateReasonCode, version.StateReason],
        ['Failed', 'FunctionError', 'ValueError: no such table'],
      );
    });

    test('A hook after the restore that fails is the error of the invocation', async () => {
      await create('hook', 'hook');
      assert.equal((await publish('hook')).State, 'Active');
      const { error, payload } = await invoke(client, 'hook', {}, { Qualifier: '1' });
      const { errorType, errorMessage } = payload as { errorType: string; errorMessage: string };
      assert.deepEqual(
        [error, errorType, errorMessage],
        ['Unhandled', 'Runtime.AfterRestoreError', 'OSError: no network yet'],
      );
    });

    test('Each version has a snapshot of its own, which goes with it', async () => {
      const FunctionName = 'versions';
      await create(FunctionName);
      await publish(FunctionName);
      const first = await ask(FunctionName);
      await client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description: 'the second' }));
      await waitUntilFunctionUpdatedV2({ client, maxWaitTime: 30, minDelay: 0.05, maxDelay: 0.5 }, { FunctionName });
      await publish(FunctionName);
      const second = await ask(FunctionName, {}, '2');
      assert.notEqual(second.told.born, first.told.born);
      assert.match(second.tail, /Restore Duration/);
      for (const Qualifier of ['1', '2']) await client.send(new DeleteFunctionCommand({ FunctionName, Qualifier }));
      await noneWith(`MARKER=${FunctionName}\0`);
    });

    test('A snapshot whose process was killed is taken anew', async () => {
      await create('killed');
      await publish('killed');
      const { told } = await ask('killed');
      const processes = processesWith('MARKER=killed\0');
      assert.ok(processes.length >= 2, 'a template and a copy');
      for (const pid of processes) kill(pid);
      await noneAmong(processes);
      const again = await askUntilWell('killed');
      assert.notEqual(again.born, told.born);
      assert.deepEqual(again.seen, told.seen);
    });

    test('After kill -9 nothing of it runs, and the next server takes the snapshots anew', async () => {
      await create('kept');
      await publish('kept');
      const { told } = await ask('kept');
      const { dataDir } = server;
      await server.kill9();
      await noneWith('MARKER=kept\0');
      const next = await startServer({ dataDir, flags: ['--sandbox', sandbox] });
      const first = server;
      server = {
        ...next,
        async [Symbol.asyncDispose]() {
          await next.stop();
          await first[Symbol.asyncDispose]();
        },
      };
      client = lambdaClient(server.endpoint);
      assert.equal((await settled('kept', '1')).SnapStart?.OptimizationStatus, 'On');
      const again = await ask('kept');
      assert.notEqual(again.told.born, told.born);
      assert.match(again.tail, /Restore Duration/);
    });
  });
}

function toldIn({ payload }: Invoked): Told {
  return payload as Told; // as the fixture answers
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended with another.
  }
}

/** However deep in namespaces. */
function processesWith(variable: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(variable);
    } catch {
      return false;
    }
  });
}

async function noneWith(variable: string): Promise<void> {
  for (const late = Date.now() + waitMsMax; processesWith(variable).length > 0; await sleep(20)) {
    assert.ok(Date.now() < late, `processes stay: ${processesWith(variable).join(', ')}`);
  }
}

async function noneAmong(pids: readonly number[]): Promise<void> {
  const alive = () => pids.filter((pid) => processesWith('').includes(pid));
  for (const late = Date.now() + waitMsMax; alive().length > 0; await sleep(20)) assert.ok(Date.now() < late);
}
