import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PutRuntimeManagementConfigRequest } from '@aws-sdk/client-lambda';
import { runtimeVersionArn } from '../../environments/log-lines.ts';
import { awsError } from '../../model/expected-error.ts';
import { arnOf, contextOf, create, createFixture } from '../fixture.ts';

test('each version has its own mode, Auto until it is put; Manual names the version that there is', async () => {
  const fixture = createFixture();
  const { table } = fixture;
  await create(fixture);
  await fixture.settle();
  const FunctionName = 'hello';
  const context = contextOf('PutRuntimeManagementConfig');
  await table.PublishVersion.handle({ FunctionName }, context);
  await table.CreateAlias.handle({ FunctionName, Name: 'live', FunctionVersion: '1' }, context);
  const get = async (Qualifier?: string) =>
    table.GetRuntimeManagementConfig.handle({ FunctionName, Qualifier }, context);
  const put = async (input: Partial<PutRuntimeManagementConfigRequest>) =>
    table.PutRuntimeManagementConfig.handle({ FunctionName, UpdateRuntimeOn: 'Auto', ...input }, context);
  const ours = runtimeVersionArn('nodejs24.x', 'us-east-1');

  const automatic = { UpdateRuntimeOn: 'Auto', RuntimeVersionArn: undefined };
  assert.deepEqual(await get(), { ...automatic, FunctionArn: `${arnOf('hello')}:$LATEST` });
  const manual = { UpdateRuntimeOn: 'Manual', RuntimeVersionArn: ours } as const;
  assert.deepEqual(await put({ ...manual, Qualifier: '1' }), { ...manual, FunctionArn: `${arnOf('hello')}:1` });
  assert.deepEqual(await get('1'), { ...manual, FunctionArn: `${arnOf('hello')}:1` });
  assert.equal((await get('$LATEST')).UpdateRuntimeOn, 'Auto');
  assert.equal((await put({ UpdateRuntimeOn: 'FunctionUpdate' })).UpdateRuntimeOn, 'FunctionUpdate');

  const invalid = (text: RegExp) => awsError(400, 'InvalidParameterValueException', text);
  await assert.rejects(put({ UpdateRuntimeOn: 'Manual' }), invalid(/^RuntimeVersionArn has to be given/));
  await assert.rejects(put({ RuntimeVersionArn: ours }), invalid(/^RuntimeVersionArn has to be given/));
  const other = { ...manual, RuntimeVersionArn: runtimeVersionArn('nodejs18.x', 'us-east-1') };
  await assert.rejects(put(other), invalid(/the version of nodejs24\.x that this server has is arn:aws:lambda:/));
  await assert.rejects(put({ Qualifier: 'live' }), invalid(/^Cannot manage the runtime of an alias/));
  await assert.rejects(put({ Qualifier: '7' }), awsError(404, 'ResourceNotFoundException', /^Function not found/));

  await table.DeleteAlias.handle({ FunctionName, Name: 'live' }, context);
  await table.DeleteFunction.handle({ FunctionName }, context);
  await create(fixture);
  assert.equal((await get()).UpdateRuntimeOn, 'Auto');
});
