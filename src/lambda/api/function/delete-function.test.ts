import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsError } from '../../model/expected-error.ts';
import { arnOf, contextOf, create, createFixture } from '../fixture.ts';

async function set() {
  const fixture = createFixture();
  await create(fixture);
  await fixture.settle();
  const remove = async (FunctionName: string, Qualifier?: string) =>
    fixture.table.DeleteFunction.handle({ FunctionName, Qualifier }, contextOf('DeleteFunction'));
  return { ...fixture, remove };
}

test('DeleteFunction answers 204 and retires what served, then 404', async () => {
  const { remove, retired, functions } = await set();
  const serving = functions.get({ accountId: '000000000000', region: 'us-east-1', name: 'hello' })?.serving;
  assert.deepEqual(await remove('hello'), { StatusCode: 204 });
  assert.deepEqual(retired, [serving]);
  await assert.rejects(
    remove('hello'),
    awsError(404, 'ResourceNotFoundException', `Function not found: ${arnOf('hello')}`),
  );
});

test('DeleteFunction refuses $LATEST and does not find a version', async () => {
  const { remove } = await set();
  await assert.rejects(
    remove('hello', '$LATEST'),
    awsError(400, 'InvalidParameterValueException', '$LATEST version cannot be deleted without deleting the function.'),
  );
  await assert.rejects(
    remove('hello:3'),
    awsError(404, 'ResourceNotFoundException', `Function not found: ${arnOf('hello:3')}`),
  );
});
