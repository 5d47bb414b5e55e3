import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateFunctionUrlConfigRequest } from '@aws-sdk/client-lambda';
import { awsError } from '../../model/expected-error.ts';
import { arnOf, contextOf, create, createFixture } from '../fixture.ts';

async function world() {
  const fixture = createFixture();
  await create(fixture);
  await fixture.settle();
  const { table } = fixture;
  await table.PublishVersion.handle({ FunctionName: 'hello' }, contextOf('PublishVersion'));
  for (const Name of ['live', 'test']) {
    await table.CreateAlias.handle({ FunctionName: 'hello', Name, FunctionVersion: '1' }, contextOf('CreateAlias'));
  }
  return {
    ...fixture,
    make: async (input: Partial<CreateFunctionUrlConfigRequest> = {}, endpoint = 'http://127.0.0.1:4566') =>
      table.CreateFunctionUrlConfig.handle(
        { FunctionName: 'hello', AuthType: 'NONE', ...input },
        contextOf('CreateFunctionUrlConfig', { endpoint }),
      ),
    get: async (Qualifier?: string) =>
      table.GetFunctionUrlConfig.handle({ FunctionName: 'hello', Qualifier }, contextOf('GetFunctionUrlConfig')),
    update: async (input: Parameters<typeof table.UpdateFunctionUrlConfig.handle>[0]) =>
      table.UpdateFunctionUrlConfig.handle(input, contextOf('UpdateFunctionUrlConfig')),
    drop: async (Qualifier?: string) =>
      table.DeleteFunctionUrlConfig.handle({ FunctionName: 'hello', Qualifier }, contextOf('DeleteFunctionUrlConfig')),
    list: async (input: { Marker?: string; MaxItems?: number } = {}) =>
      table.ListFunctionUrlConfigs.handle({ FunctionName: 'hello', ...input }, contextOf('ListFunctionUrlConfigs')),
  };
}

const gone = awsError(404, 'ResourceNotFoundException', 'The resource you requested does not exist.');

test('CreateFunctionUrlConfig answers an address under the name that the caller used', async () => {
  const { make, get, clock } = await world();
  const { FunctionUrl = '', ...rest } = await make();
  assert.match(FunctionUrl, /^http:\/\/[a-z0-9]{32}\.lambda-url\.us-east-1\.localhost:4566\/$/);
  assert.deepEqual(JSON.parse(JSON.stringify(rest)), {
    FunctionArn: arnOf('hello'),
    AuthType: 'NONE',
    CreationTime: new Date(clock.now()).toISOString(),
    InvokeMode: 'BUFFERED',
  });
  const { FunctionUrl: again, LastModifiedTime } = await get();
  assert.deepEqual([again, LastModifiedTime], [FunctionUrl, rest.CreationTime]);
  const alias = await make({ Qualifier: 'live' }, 'http://lambda.example.com');
  assert.match(alias.FunctionUrl ?? '', /^http:\/\/[a-z0-9]{32}\.lambda-url\.us-east-1\.lambda\.example\.com\/$/);
  assert.equal(alias.FunctionArn, arnOf('hello:live'));
  assert.match((await make({ FunctionName: 'hello:test' }, 'http://[::1]:80')).FunctionUrl ?? '', /\.localhost\/$/);
});

test('a function and each alias have one URL; what is not there has none', async () => {
  const { make, get, drop } = await world();
  const first = await make();
  await assert.rejects(
    make(),
    awsError(
      409,
      'ResourceConflictException',
      `Failed to create function url config for [functionArn = ${arnOf('hello')}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
    ),
  );
  const both = await Promise.allSettled([make({ Qualifier: 'live' }), make({ Qualifier: 'live' })]);
  assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  await assert.rejects(get('test'), gone);
  await assert.rejects(
    make({ Qualifier: 'nobody' }),
    awsError(404, 'ResourceNotFoundException', `Function not found: ${arnOf('hello:nobody')}`),
  );
  await assert.rejects(
    make({ FunctionName: 'other' }),
    awsError(404, 'ResourceNotFoundException', `Function not found: ${arnOf('other')}`),
  );
  await drop();
  await assert.rejects(drop(), gone);
  assert.notEqual((await make()).FunctionUrl, first.FunctionUrl, 'an address never comes again');
});

test('UpdateFunctionUrlConfig changes what it names, replaces Cors as a whole, and keeps the address', async () => {
  const { make, update, clock } = await world();
  const before = await make({ Cors: { AllowOrigins: ['https://a.example'], MaxAge: 5 } });
  clock.set(clock.now() + 1000);
  const after = await update({ FunctionName: 'hello', AuthType: 'AWS_IAM', Cors: { AllowMethods: ['GET'] } });
  assert.deepEqual(
    [after.FunctionUrl, after.AuthType, after.InvokeMode, after.Cors, after.CreationTime],
    [before.FunctionUrl, 'AWS_IAM', 'BUFFERED', { AllowMethods: ['GET'] }, before.CreationTime],
  );
  assert.notEqual(after.LastModifiedTime, after.CreationTime);
  assert.equal((await update({ FunctionName: 'hello', Cors: {} })).Cors, undefined);
});

test('Cors that no browser understands is refused', async () => {
  const { make } = await world();
  for (const Cors of [
    { AllowMethods: ['OPTION'] },
    { AllowMethods: ['get'] },
    { AllowOrigins: ['example.com'] },
    { AllowOrigins: ['https://example.com/path'] },
  ]) {
    await assert.rejects(make({ Cors }), awsError(400, 'InvalidParameterValueException', /^CORS takes/));
  }
});

test("ListFunctionUrlConfigs has the function's own first, page by page", async () => {
  const { make, list } = await world();
  for (const Qualifier of ['test', undefined, 'live']) await make({ Qualifier });
  const arns: (string | undefined)[] = [];
  let page = await list({ MaxItems: 1 });
  for (;;) {
    arns.push(...(page.FunctionUrlConfigs ?? []).map(({ FunctionArn }) => FunctionArn));
    if (page.NextMarker === undefined) break;
    page = await list({ MaxItems: 1, Marker: page.NextMarker });
  }
  assert.deepEqual(arns, [arnOf('hello'), arnOf('hello:live'), arnOf('hello:test')]);
});

test('a URL goes with its function and stays without its alias', async () => {
  const fixture = await world();
  const { make, get, table } = fixture;
  await make();
  await make({ Qualifier: 'live' });
  await table.DeleteAlias.handle({ FunctionName: 'hello', Name: 'live' }, contextOf('DeleteAlias'));
  assert.equal((await get('live')).FunctionArn, arnOf('hello:live'));
  await table.DeleteFunction.handle({ FunctionName: 'hello' }, contextOf('DeleteFunction'));
  await create(fixture);
  await assert.rejects(get(), gone);
});
