import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsError } from '../../model/expected-error.ts';
import { arnOf, contextOf, create, createFixture, zip } from '../fixture.ts';

async function set() {
  const fixture = createFixture();
  await create(fixture, { Publish: true });
  await fixture.settle();
  const { table } = fixture;
  const remove = async (FunctionName: string, Qualifier?: string) =>
    table.DeleteFunction.handle({ FunctionName, Qualifier }, contextOf('DeleteFunction'));
  const get = async (Qualifier?: string) =>
    table.GetFunctionConfiguration.handle({ FunctionName: 'hello', Qualifier }, contextOf('GetFunctionConfiguration'));
  const alias = async (Name: string, FunctionVersion: string, more = {}) =>
    table.CreateAlias.handle({ FunctionName: 'hello', Name, FunctionVersion, ...more }, contextOf('CreateAlias'));
  return { ...fixture, fixture, remove, get, alias };
}

const notFound = (qualified: string) =>
  awsError(404, 'ResourceNotFoundException', `Function not found: ${arnOf(qualified)}`);

test('DeleteFunction answers 204 and retires what served and every version, then 404', async () => {
  const { remove, get, retired } = await set();
  assert.deepEqual(await remove('hello'), { StatusCode: 204 });
  assert.deepEqual(
    retired.map(({ version }) => version),
    ['$LATEST', '1'],
  );
  await assert.rejects(get('1'), notFound('hello:1'));
  await assert.rejects(remove('hello'), notFound('hello'));
  await assert.rejects(remove('hello', '1'), notFound('hello'));
});

test('DeleteFunction with a version deletes and retires it alone', async () => {
  const { remove, get, retired, functions } = await set();
  assert.deepEqual(await remove('hello:1'), { StatusCode: 204 });
  assert.deepEqual(
    retired.map(({ version }) => version),
    ['1'],
  );
  await assert.rejects(get('1'), notFound('hello:1'));
  assert.equal((await get()).State, 'Active');
  assert.equal(functions.usage({ accountId: '000000000000', region: 'us-east-1' }).codeBytes, zip.byteLength);
  // Measured on AWS: a version that is not there is deleted with 204.
  assert.deepEqual(await remove('hello', '1'), { StatusCode: 204 });
});

test('DeleteFunction refuses $LATEST, aliases, and a version that is being made ready', async () => {
  const { fixture, remove } = await set();
  const invalid = (message: string) => awsError(400, 'InvalidParameterValueException', message);
  await assert.rejects(
    remove('hello', '$LATEST'),
    invalid('$LATEST version cannot be deleted without deleting the function.'),
  );
  await assert.rejects(remove('hello', 'live'), invalid('Deletion of aliases is not currently supported.'));
  await create(fixture, { FunctionName: 'new', Publish: true });
  await assert.rejects(remove('new', '1'), awsError(409, 'ResourceConflictException', /state: Pending$/));
});

test('DeleteFunction refuses a version that an alias leads to, also with a small part of its invocations', async () => {
  const { table, settle, remove, alias } = await set();
  const input = { FunctionName: 'hello', Timeout: 9 };
  await table.UpdateFunctionConfiguration.handle(input, contextOf('UpdateFunctionConfiguration'));
  await settle();
  await table.PublishVersion.handle({ FunctionName: 'hello' }, contextOf('PublishVersion'));
  await alias('live', '1');
  await alias('canary', '2', { RoutingConfig: { AdditionalVersionWeights: { 1: 0.01 } } });
  const message = 'Unable to delete version because the following aliases reference it: [canary, live]';
  await assert.rejects(remove('hello', '1'), awsError(409, 'ResourceConflictException', message));
  for (const Name of ['live', 'canary']) {
    await table.DeleteAlias.handle({ FunctionName: 'hello', Name }, contextOf('DeleteAlias'));
  }
  assert.deepEqual(await remove('hello', '1'), { StatusCode: 204 });
});

test('numbers go on after versions and function are gone', async () => {
  const { fixture, remove } = await set();
  await remove('hello', '1');
  const again = await fixture.table.PublishVersion.handle({ FunctionName: 'hello' }, contextOf('PublishVersion'));
  assert.equal(again.Version, '2');
  await remove('hello');
  assert.equal((await create(fixture, { Publish: true })).Version, '3');
});
