import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deferred } from '../../base/deferred.ts';
import { systemRandom } from '../../base/random.ts';
import { silentLog } from '../../observe/log.ts';
import { contextOf, create, createFixture, installed, runtimeOf } from '../api/fixture.ts';
import { PackageError } from '../model/code-store.ts';
import type { ReconcilerSettings } from './reconciler.ts';
import { Reconciler } from './reconciler.ts';

const key = { accountId: '000000000000', region: 'us-east-1', name: 'hello' };

function setUp(settings: Partial<ReconcilerSettings> = {}) {
  const fixture = createFixture();
  const { functions, resources, code, runtimes, clock, retired } = fixture;
  const reconciler = new Reconciler({
    functions,
    resources,
    code,
    runtimes,
    clock,
    random: systemRandom,
    log: silentLog,
    retired: (version) => void retired.push(version),
    settings,
  });
  const run = async () => {
    reconciler.kick();
    await reconciler.idle();
    return functions.get(key);
  };
  return { ...fixture, fixture, reconciler, run };
}

test('a new function becomes Active, serves its snapshot and has a new revision', async () => {
  const { fixture, run, functions } = setUp();
  await create(fixture);
  const before = functions.get(key);
  const after = await run();
  assert.equal(after?.latest.state.value, 'Active');
  assert.equal(after.latest.lastUpdateStatus?.value, 'Successful');
  assert.equal(after.serving?.id, before?.latest.id);
  assert.notEqual(after.latest.revisionId, before?.latest.revisionId);
});

test('after an update the old snapshot serves until the new one is ready, and is then retired', async () => {
  const { fixture, run, functions, retired, table } = setUp();
  await create(fixture);
  const first = await run();
  await table.UpdateFunctionConfiguration.handle(
    { FunctionName: 'hello', MemorySize: 256 },
    contextOf('UpdateFunctionConfiguration'),
  );
  assert.equal(functions.get(key)?.serving?.id, first?.serving?.id);
  assert.deepEqual(retired, []);
  const second = await run();
  assert.equal(second?.serving?.configuration.memorySizeMb, 256);
  assert.deepEqual(
    retired.map(({ id }) => id),
    [first?.serving?.id],
  );
});

test('a runtime that cannot be installed fails with InvalidRuntime and its reason', async () => {
  const { fixture, run, runtimes } = setUp();
  await create(fixture);
  runtimes.set(
    'nodejs24.x',
    runtimeOf('nodejs24.x', () => Promise.reject(new Error('the registry does not answer'))),
  );
  const failed = await run();
  const reason = 'Cannot install runtime nodejs24.x: the registry does not answer';
  assert.deepEqual(failed?.latest.state, { value: 'Failed', reason, reasonCode: 'InvalidRuntime' });
  assert.equal(failed.serving, undefined);
});

test('a runtime that this server has no more fails with InvalidRuntime', async () => {
  const { fixture, run, runtimes } = setUp();
  await create(fixture);
  runtimes.clear();
  assert.equal((await run())?.latest.state.reasonCode, 'InvalidRuntime');
});

test('a package that does not unpack fails with InvalidZipFileException, and anything else with InternalError', async () => {
  const { fixture, run, code, functions } = setUp();
  await create(fixture);
  code.unpacking = () => Promise.reject(new PackageError('Could not unzip uploaded file.'));
  assert.equal((await run())?.latest.state.reasonCode, 'InvalidZipFileException');
  await functions.delete(key);
  await create(fixture);
  code.unpacking = () => Promise.reject(new Error('ENOSPC'));
  assert.deepEqual((await run())?.latest.state, { value: 'Failed', reason: 'ENOSPC', reasonCode: 'InternalError' });
});

test('an update that fails leaves the old snapshot serving', async () => {
  const { fixture, run, code, table, retired } = setUp();
  await create(fixture);
  const first = await run();
  code.unpacking = () => Promise.reject(new Error('ENOSPC'));
  await table.UpdateFunctionCode.handle(
    { FunctionName: 'hello', ZipFile: Buffer.from('PK two') },
    contextOf('UpdateFunctionCode'),
  );
  const second = await run();
  assert.equal(second?.latest.lastUpdateStatus?.value, 'Failed');
  assert.equal(second.latest.state.value, 'Active');
  assert.equal(second.serving?.id, first?.serving?.id);
  assert.deepEqual(retired, []);
});

test('work that never ends fails at its deadline', async () => {
  const { fixture, run, code } = setUp({ deadlineMs: 20 });
  await create(fixture);
  code.unpacking = () => new Promise(() => {});
  const { state } = (await run())?.latest ?? {};
  assert.deepEqual([state?.value, state?.reasonCode], ['Failed', 'InternalError']);
});

test('a stop leaves the record as it is, and the next start takes it up', async () => {
  const { fixture, reconciler, code, functions, settle } = setUp();
  await create(fixture);
  code.unpacking = () => new Promise(() => {});
  reconciler.kick();
  await reconciler.close();
  assert.equal(functions.get(key)?.latest.state.value, 'Pending');
  code.unpacking = async () => {};
  await settle();
  assert.equal(functions.get(key)?.latest.state.value, 'Active');
});

test('a function deleted and created anew meanwhile is not touched by the older work', async () => {
  const { fixture, reconciler, code, functions, table } = setUp();
  await create(fixture);
  const gate = deferred<void>();
  const older = functions.get(key)?.latest.id;
  code.unpacking = () => gate.promise;
  reconciler.kick();
  await table.DeleteFunction.handle({ FunctionName: 'hello' }, contextOf('DeleteFunction'));
  await create(fixture, { Description: 'anew' });
  code.unpacking = async () => {};
  gate.resolve();
  await reconciler.idle();
  const record = functions.get(key);
  assert.notEqual(record?.latest.id, older);
  assert.equal(record?.serving?.configuration.description, 'anew');
});

test('no more than parallelMax are made ready at once, and all are in the end', async () => {
  const { fixture, run, functions, runtimes } = setUp({ parallelMax: 2 });
  let now = 0;
  let most = 0;
  const install = async () => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setImmediate(resolve));
    now--;
    return installed();
  };
  runtimes.set('nodejs24.x', runtimeOf('nodejs24.x', install));
  for (const name of ['a', 'b', 'c', 'd', 'e']) await create(fixture, { FunctionName: name });
  await run();
  assert.equal(most, 2);
  assert.deepEqual(functions.unfinished(10), []);
});

test('a store that fails is tried again', async () => {
  const { fixture, run, functions } = setUp({ retryDelayMs: 1 });
  await create(fixture);
  const replace = functions.replace.bind(functions);
  let failures = 2;
  functions.replace = async (...args) => {
    if (failures-- > 0) throw new Error('disk full');
    return replace(...args);
  };
  assert.equal((await run())?.latest.state.value, 'Active');
});

test('a store that cannot be read stops nothing: the next kick finds the work', async () => {
  const { fixture, run, functions } = setUp();
  await create(fixture);
  const unfinished = functions.unfinished.bind(functions);
  functions.unfinished = () => {
    throw new Error('disk I/O error');
  };
  assert.equal((await run())?.latest.state.value, 'Pending');
  functions.unfinished = unfinished;
  assert.equal((await run())?.latest.state.value, 'Active');
});
