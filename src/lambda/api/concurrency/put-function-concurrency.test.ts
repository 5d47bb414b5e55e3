import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsError } from '../../model/expected-error.ts';
import { contextOf, create, createFixture, type Fixture } from '../fixture.ts';

function operations({ table }: Fixture) {
  return {
    put: async (FunctionName: string, ReservedConcurrentExecutions: number) =>
      table.PutFunctionConcurrency.handle(
        { FunctionName, ReservedConcurrentExecutions },
        contextOf('PutFunctionConcurrency'),
      ),
    get: async (FunctionName: string) =>
      table.GetFunctionConcurrency.handle({ FunctionName }, contextOf('GetFunctionConcurrency')),
    release: async (FunctionName: string) =>
      table.DeleteFunctionConcurrency.handle({ FunctionName }, contextOf('DeleteFunctionConcurrency')),
    unreserved: async () =>
      (await table.GetAccountSettings.handle({}, contextOf('GetAccountSettings'))).AccountLimit
        ?.UnreservedConcurrentExecutions,
  };
}

const belowMin = (min: number) =>
  awsError(
    400,
    'InvalidParameterValueException',
    `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${min}].`,
  );

async function twoFunctions(limit: number) {
  const fixture = createFixture({ concurrentExecutions: limit });
  await create(fixture);
  await create(fixture, { FunctionName: 'second' });
  await fixture.settle();
  return { fixture, ...operations(fixture) };
}

test('what is reserved is shown, counted and told to the data plane', async () => {
  const { fixture, put, get, release, unreserved } = await twoFunctions(1000);
  assert.deepEqual(await put('hello', 0), { ReservedConcurrentExecutions: 0 });
  assert.equal(fixture.admission.reserved({ accountId: '000000000000', region: 'us-east-1', name: 'hello' }), 0);
  assert.deepEqual(await put('hello', 400), { ReservedConcurrentExecutions: 400 });
  assert.deepEqual([await get('hello'), await unreserved()], [{ ReservedConcurrentExecutions: 400 }, 600]);
  const shown = await fixture.table.GetFunction.handle({ FunctionName: 'hello' }, contextOf('GetFunction'));
  assert.deepEqual(shown.Concurrency, { ReservedConcurrentExecutions: 400 });
  await release('hello');
  await release('hello');
  assert.deepEqual([await get('hello'), await unreserved()], [{ ReservedConcurrentExecutions: undefined }, 1000]);
});

test('a hundred stay for functions without a reservation, also when two are made at once', async () => {
  const { put, get } = await twoFunctions(1000);
  await assert.rejects(put('hello', 901), belowMin(100));
  const results = await Promise.allSettled([put('hello', 600), put('second', 600)]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  );
  await put('second', 300);
  assert.deepEqual(await put('hello', 600), { ReservedConcurrentExecutions: 600 }, 'its own before does not count');
  assert.deepEqual(await get('second'), { ReservedConcurrentExecutions: 300 });
});

test('an account whose limit is small keeps all of it, and can block a function all the same', async () => {
  const { put } = await twoFunctions(10);
  await assert.rejects(put('hello', 1), belowMin(10));
  await put('hello', 0);
});

test('versions, unknown functions and functions that are changing are refused', async () => {
  const { fixture, put } = await twoFunctions(1000);
  await assert.rejects(put('hello:1', 1), awsError(400, 'InvalidParameterValueException', /Lambda functions only/));
  await assert.rejects(put('other', 1), awsError(404, 'ResourceNotFoundException', /^Function not found: /));
  await fixture.table.UpdateFunctionConfiguration.handle(
    { FunctionName: 'hello', Timeout: 5 },
    contextOf('UpdateFunctionConfiguration'),
  );
  await assert.rejects(put('hello', 1), awsError(409, 'ResourceConflictException', /An update is in progress/));
});

test('a reservation goes with its function, and the next of that name has none', async () => {
  const { fixture, put, get, unreserved } = await twoFunctions(1000);
  await put('hello', 0);
  await fixture.table.DeleteFunction.handle({ FunctionName: 'hello' }, contextOf('DeleteFunction'));
  assert.equal(await unreserved(), 1000);
  await create(fixture);
  assert.deepEqual(await get('hello'), { ReservedConcurrentExecutions: undefined });
  assert.equal(
    fixture.admission.reserved({ accountId: '000000000000', region: 'us-east-1', name: 'hello' }),
    undefined,
  );
});
