import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsError } from '../../model/expected-error.ts';
import type { FunctionVersion } from '../../model/function.ts';
import { arnOf, contextOf, create, createFixture } from '../fixture.ts';

/** Makes what is asked for when it is told to. */
function fakePool() {
  const wanted = new Map<string, number>();
  const ready = new Map<string, number>();
  const names = new Map<string, string>();
  const failure: { text?: string } = {};
  return {
    failure,
    provision(version: FunctionVersion, count: number) {
      wanted.set(version.id, count);
      names.set(version.id, version.version);
    },
    provisioned: (id: string) => ({ ready: ready.get(id) ?? 0, failure: failure.text }),
    make: () => {
      for (const [id, count] of wanted) ready.set(id, count);
    },
    asked: () => Object.fromEntries([...wanted].map(([id, count]) => [names.get(id), count])),
  };
}

/** Versions 1 and 2, and an alias to the first. */
async function scene(concurrentExecutions = 1000) {
  const fixture = createFixture({ concurrentExecutions });
  const { table, parts } = fixture;
  const pool = fakePool();
  parts.provisioner.begin(pool);
  await create(fixture);
  await fixture.settle();
  const FunctionName = 'hello';
  const context = contextOf('PutProvisionedConcurrencyConfig');
  await table.PublishVersion.handle({ FunctionName }, context);
  await table.UpdateFunctionConfiguration.handle({ FunctionName, Timeout: 9 }, context);
  await fixture.settle();
  await table.PublishVersion.handle({ FunctionName }, context);
  await table.CreateAlias.handle({ FunctionName, Name: 'live', FunctionVersion: '1' }, context);
  return {
    fixture,
    pool,
    put: async (Qualifier: string, ProvisionedConcurrentExecutions: number) =>
      table.PutProvisionedConcurrencyConfig.handle(
        { FunctionName, Qualifier, ProvisionedConcurrentExecutions },
        context,
      ),
    get: async (Qualifier: string) =>
      table.GetProvisionedConcurrencyConfig.handle({ FunctionName, Qualifier }, context),
    remove: async (Qualifier: string) =>
      table.DeleteProvisionedConcurrencyConfig.handle({ FunctionName, Qualifier }, context),
    list: async () => table.ListProvisionedConcurrencyConfigs.handle({ FunctionName }, context),
    lead: async (FunctionVersion: string, weights: Record<string, number> = {}) =>
      table.UpdateAlias.handle(
        { FunctionName, Name: 'live', FunctionVersion, RoutingConfig: { AdditionalVersionWeights: weights } },
        context,
      ),
    reserve: async (ReservedConcurrentExecutions: number) =>
      table.PutFunctionConcurrency.handle({ FunctionName, ReservedConcurrentExecutions }, context),
  };
}

const invalid = (message: string | RegExp) => awsError(400, 'InvalidParameterValueException', message);
const none = awsError(
  404,
  'ProvisionedConcurrencyConfigNotFoundException',
  'No Provisioned Concurrency Config found for this function',
);

test('what is put is in progress, then ready, listed, and deleted as often as one likes', async () => {
  const { pool, put, get, remove, list } = await scene();
  const first = {
    RequestedProvisionedConcurrentExecutions: 3,
    AvailableProvisionedConcurrentExecutions: 0,
    AllocatedProvisionedConcurrentExecutions: 0,
    Status: 'IN_PROGRESS',
    StatusReason: undefined,
    LastModified: '2026-11-24T01:02:03+0000',
  };
  assert.deepEqual(await put('1', 3), first);
  assert.deepEqual([await get('1'), pool.asked()], [first, { 1: 3 }]);
  pool.failure.text = 'FUNCTION_ERROR_INIT_FAILURE';
  assert.partialDeepStrictEqual(await get('1'), { Status: 'FAILED', StatusReason: 'FUNCTION_ERROR_INIT_FAILURE' });
  pool.failure.text = undefined;
  pool.make();
  const ready = {
    ...first,
    AvailableProvisionedConcurrentExecutions: 3,
    AllocatedProvisionedConcurrentExecutions: 3,
    Status: 'READY',
  };
  assert.deepEqual(await get('1'), ready);
  assert.deepEqual(await list(), {
    ProvisionedConcurrencyConfigs: [{ FunctionArn: `${arnOf('hello')}:1`, ...ready }],
    NextMarker: undefined,
  });
  await remove('1');
  await remove('1');
  assert.deepEqual(pool.asked(), { 1: 0 });
  await assert.rejects(get('1'), none);
});

test('it follows an alias to its versions, and goes with it', async () => {
  const { fixture, pool, put, get, lead } = await scene();
  await put('live', 4);
  pool.make();
  assert.equal((await get('live')).Status, 'READY');
  await lead('2');
  assert.deepEqual([pool.asked(), (await get('live')).Status], [{ 1: 0, 2: 4 }, 'IN_PROGRESS']);
  await lead('2', { 1: 0.25 });
  assert.deepEqual(pool.asked(), { 1: 1, 2: 3 });
  await fixture.table.DeleteAlias.handle({ FunctionName: 'hello', Name: 'live' }, contextOf('DeleteAlias'));
  assert.deepEqual(pool.asked(), { 1: 0, 2: 0 });
  await assert.rejects(get('live'), awsError(404, 'ResourceNotFoundException', /^Function not found: /));
});

test('only what is published, and by one way', async () => {
  const { put, get, remove, lead } = await scene();
  const unpublished = invalid('Provisioned Concurrency Configs cannot be applied to unpublished function versions.');
  for (const refused of [put('$LATEST', 1), remove('$LATEST'), get('$LATEST')]) {
    await assert.rejects(refused, unpublished);
  }
  await assert.rejects(put('3', 1), awsError(404, 'ResourceNotFoundException', /^Function not found: .*:hello:3$/));
  await put('1', 1);
  const already = "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version";
  await assert.rejects(put('live', 1), awsError(409, 'ResourceConflictException', already));
  await lead('2');
  await put('live', 1);
  const pointed = 'Version is pointed by a Provisioned Concurrency alias';
  await assert.rejects(put('2', 1), awsError(409, 'ResourceConflictException', pointed));
});

test('within the reservation, or within what the account can spare', async () => {
  const { fixture, put, reserve } = await scene(200);
  const spare = invalid(
    "Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
  );
  await assert.rejects(put('1', 101), spare);
  await put('1', 60);
  await assert.rejects(put('2', 41), spare);
  await put('2', 40);
  const settings = await fixture.table.GetAccountSettings.handle({}, contextOf('GetAccountSettings'));
  assert.equal(settings.AccountLimit?.UnreservedConcurrentExecutions, 100);
  await assert.rejects(
    reserve(99),
    invalid(
      " ReservedConcurrentExecutions  99 should not be lower than function's total provisioned concurrency [100].",
    ),
  );
  await reserve(100);
  await assert.rejects(
    put('1', 61),
    invalid(
      'Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function',
    ),
  );
});

test('it goes with the version and with the function', async () => {
  const { fixture, pool, put } = await scene();
  await put('1', 1);
  await put('2', 2);
  const { table } = fixture;
  await table.DeleteFunction.handle({ FunctionName: 'hello', Qualifier: '2' }, contextOf('DeleteFunction'));
  assert.deepEqual(pool.asked(), { 1: 1, 2: 0 });
  await table.DeleteFunction.handle({ FunctionName: 'hello' }, contextOf('DeleteFunction'));
  assert.deepEqual(pool.asked(), { 1: 0, 2: 0 });
});
