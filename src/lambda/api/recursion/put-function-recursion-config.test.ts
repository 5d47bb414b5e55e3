import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passThrough } from '../../invoke/lineage.ts';
import { awsError } from '../../model/expected-error.ts';
import { contextOf, create, createFixture } from '../fixture.ts';

test('RecursiveLoop is Terminate until it is set, told to the data plane, and goes with the function', async () => {
  const fixture = createFixture();
  const { table, parts } = fixture;
  await create(fixture);
  const version = fixture.functions.get({ accountId: '000000000000', region: 'us-east-1', name: 'hello' })?.latest;
  assert.ok(version);
  const get = async () =>
    table.GetFunctionRecursionConfig.handle({ FunctionName: 'hello' }, contextOf('GetFunctionRecursionConfig'));
  const put = async (FunctionName: string, RecursiveLoop: 'Allow' | 'Terminate') =>
    table.PutFunctionRecursionConfig.handle({ FunctionName, RecursiveLoop }, contextOf('PutFunctionRecursionConfig'));
  let chain: string | undefined = 'Root=1';
  for (let passage = 0; passage < 16; passage += 1) chain = passThrough(chain, version).header;
  const stops = () => parts.recursion.stops(chain, version);
  assert.deepEqual([await get(), stops()], [{ RecursiveLoop: 'Terminate' }, true]);
  assert.deepEqual(await put('hello', 'Allow'), { RecursiveLoop: 'Allow' });
  assert.deepEqual([await get(), stops()], [{ RecursiveLoop: 'Allow' }, false]);
  await assert.rejects(put('hello:1', 'Allow'), awsError(400, 'InvalidParameterValueException', /functions only/));
  await assert.rejects(put('other', 'Allow'), awsError(404, 'ResourceNotFoundException', /^Function not found/));
  await table.DeleteFunction.handle({ FunctionName: 'hello' }, contextOf('DeleteFunction'));
  await create(fixture);
  assert.deepEqual([await get(), stops()], [{ RecursiveLoop: 'Terminate' }, true]);
});
