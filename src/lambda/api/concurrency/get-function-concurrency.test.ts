import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsError } from '../../model/expected-error.ts';
import { contextOf, create, createFixture } from '../fixture.ts';

test('GetFunctionConcurrency answers {} for a function, and refuses a version and an unknown function', async () => {
  const fixture = createFixture();
  await create(fixture);
  const get = async (FunctionName: string) =>
    fixture.table.GetFunctionConcurrency.handle({ FunctionName }, contextOf('GetFunctionConcurrency'));
  assert.deepEqual(await get('hello'), { ReservedConcurrentExecutions: undefined });
  await assert.rejects(get('hello:1'), awsError(400, 'InvalidParameterValueException', /Lambda functions only/));
  await assert.rejects(get('other'), awsError(404, 'ResourceNotFoundException', /^Function not found: /));
});
