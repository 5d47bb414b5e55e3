import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arnOf, contextOf, create, createFixture } from '../fixture.ts';

test('GetFunctionConfiguration goes from Pending to Active, with a new revision and without reasons', async () => {
  const fixture = createFixture();
  const get = async () =>
    fixture.table.GetFunctionConfiguration.handle(
      { FunctionName: arnOf('hello') },
      contextOf('GetFunctionConfiguration'),
    );
  await create(fixture);
  const before = await get();
  assert.deepEqual([before.State, before.LastUpdateStatus], ['Pending', undefined]);
  await fixture.settle();
  const after = await get();
  assert.deepEqual([after.State, after.StateReason, after.LastUpdateStatus], ['Active', undefined, 'Successful']);
  assert.notEqual(after.RevisionId, before.RevisionId);
});
