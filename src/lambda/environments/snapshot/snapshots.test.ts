import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../base/clock.ts';
import { deferred } from '../../../base/deferred.ts';
import { silentLog } from '../../../observe/log.ts';
import type { FunctionVersion } from '../../model/function.ts';
import { EnvironmentLog } from '../environment-log.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { StartedRuntime } from '../started-runtime.ts';
import { Snapshots } from './snapshots.ts';
import type { Snapshot, Taken } from './snapshotter.ts';

const version = (id: string): FunctionVersion => ({
  id,
  accountId: '000000000000',
  region: 'us-east-1',
  name: 'f',
  version: '1',
  configuration: {
    runtime: 'python3.12',
    handler: 'app.handler',
    role: 'arn:aws:iam::000000000000:role/run',
    description: '',
    memorySizeMb: 128,
    timeoutSeconds: 3,
    ephemeralStorageMb: 512,
    architecture: 'x86_64',
    packageType: 'Zip',
    tracingMode: 'PassThrough',
    loggingConfig: { logFormat: 'Text', logGroup: '/aws/lambda/f' },
    stored: { SnapStart: { ApplyOn: 'PublishedVersions' } },
  },
  code: { sha256: 'a', size: 1, unzippedSize: 1 },
  revisionId: 'r',
  lastModified: 0,
  state: { value: 'Active' },
  optimization: 'On',
});

/** A runtime that is there until it is discarded; the sandbox is all that is asked of it. */
function runtimeThatWaits(ended: () => void): StartedRuntime {
  const { promise: exited, resolve } = deferred<{ code: number }>();
  const quiet = { on: () => quiet };
  const sandbox = { exited, output: quiet, kill: async () => resolve({ code: 0 }) } as unknown as Sandbox;
  void exited.then(ended);
  return new StartedRuntime(sandbox, {
    id: 'python3.12',
    wire: 'framed',
    generic: true,
    mounts: [],
    command: [],
    environment: {},
    coldVariables: [],
  });
}

class Forks implements Snapshot {
  users = 0;
  restored = 0;
  discarded = false;
  readonly #lost = deferred<void>();
  readonly lost = this.#lost.promise;

  async restore() {
    this.users += 1;
    this.restored += 1;
    return runtimeThatWaits(() => {
      this.users -= 1;
    });
  }

  async discard() {
    this.discarded = true;
  }

  lose() {
    this.#lost.resolve();
  }
}

function setUp(taken: (version: FunctionVersion) => Promise<Taken>, roomMb = 1_000) {
  let leftMb = roomMb;
  const counts = { takes: 0, leftMb: () => leftMb };
  const log = () => new EnvironmentLog({ append() {} } as never, {} as never, systemClock);
  const snapshots = new Snapshots({
    snapshotter: {
      take: (one) => {
        counts.takes += 1;
        return taken(one);
      },
    },
    clock: systemClock,
    log: silentLog,
    room: {
      claim(memoryMb) {
        if (memoryMb > leftMb) return false;
        leftMb -= memoryMb;
        return true;
      },
      yield(memoryMb) {
        leftMb += memoryMb;
      },
    },
    versionLabel: () => 'python:3.12.v1',
    journal: () => ({ log: log(), stream: 's' }),
  });
  return { snapshots, counts };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test('a snapshot is taken once, restores one runtime ahead, and holds its room until it is discarded', async () => {
  const forks = new Forks();
  const { snapshots, counts } = setUp(async () => ({ kind: 'taken', snapshot: forks }));
  const one = version('one');
  const [first, second] = await Promise.all([snapshots.take(one), snapshots.take(one)]);
  assert.deepEqual([first.kind, second.kind, counts.takes, counts.leftMb()], ['taken', 'taken', 1, 872]);
  assert.deepEqual([forks.restored, snapshots.has(one)], [1, true]);
  assert.ok(await snapshots.restored(one));
  assert.equal(forks.restored, 1);
  snapshots.discard('one');
  assert.deepEqual([forks.discarded, snapshots.has(one), counts.leftMb()], [true, false, 1_000]);
  await snapshots.close();
});

test('what does not fit or fails holds no room, and its environments initialise by themselves for a while', async () => {
  const { snapshots, counts } = setUp(async ({ id }) =>
    id === 'unfit' ? { kind: 'unfit', why: 'threads' } : Promise.reject(new Error('no disk')),
  );
  assert.deepEqual(await snapshots.take(version('unfit')), { kind: 'unfit', why: 'threads' });
  await assert.rejects(snapshots.take(version('broken')), /no disk/);
  assert.equal(counts.leftMb(), 1_000);
  assert.equal(await snapshots.restored(version('unfit')), undefined);
  assert.equal(await snapshots.restored(version('unfit')), undefined);
  assert.equal(counts.takes, 3);
  await snapshots.close();
});

test('one that is lost is taken anew by whoever needs it', async () => {
  const made: Forks[] = [];
  const { snapshots, counts } = setUp(async () => {
    const snapshot = new Forks();
    made.push(snapshot);
    return { kind: 'taken', snapshot };
  });
  await snapshots.take(version('one'));
  made[0]?.lose();
  await settle();
  assert.deepEqual([snapshots.has(version('one')), counts.leftMb()], [false, 1_000]);
  assert.ok(await snapshots.restored(version('one')));
  assert.equal(counts.takes, 2);
  await snapshots.close();
});

test('where there is no room none is taken, and only one that is not used gives up its own', async () => {
  const { snapshots, counts } = setUp(async () => ({ kind: 'taken', snapshot: new Forks() }), 200);
  await snapshots.take(version('one'));
  assert.deepEqual(await snapshots.take(version('two')), { kind: 'full' });
  const runtime = await snapshots.restored(version('one'));
  assert.equal(snapshots.evict(), false);
  await runtime?.discard();
  assert.equal(snapshots.evict(), true);
  assert.equal(counts.leftMb(), 200);
  assert.equal((await snapshots.take(version('two'))).kind, 'taken');
  await snapshots.close();
});

test('versions without a snapshot are not asked about', async () => {
  const { snapshots, counts } = setUp(async () => ({ kind: 'taken', snapshot: new Forks() }));
  assert.equal(await snapshots.restored({ ...version('off'), optimization: undefined }), undefined);
  assert.equal(counts.takes, 0);
  await snapshots.close();
  assert.deepEqual(await snapshots.take(version('late')), { kind: 'full' });
});
