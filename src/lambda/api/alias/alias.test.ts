import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateAliasRequest, UpdateAliasRequest } from '@aws-sdk/client-lambda';
import { awsError } from '../../model/expected-error.ts';
import { arnOf, contextOf, create, createFixture } from '../fixture.ts';

const invalid = (message: string | RegExp) => awsError(400, 'InvalidParameterValueException', message);
const missing = (message: string) => awsError(404, 'ResourceNotFoundException', message);
const weights = (AdditionalVersionWeights: Record<string, number>) => ({ RoutingConfig: { AdditionalVersionWeights } });
const queue = (name: string) => ({ DeadLetterConfig: { TargetArn: `arn:aws:sqs:us-east-1:000000000000:${name}` } });

/** Versions 1 and 2 alike; 3 has another role, 4 another dead-letter queue. */
async function set() {
  const fixture = createFixture();
  const { table } = fixture;
  await create(fixture, { Publish: true });
  await fixture.settle();
  for (const change of [{ Timeout: 4 }, { Role: 'arn:aws:iam::000000000000:role/other' }, queue('dead')]) {
    const input = { FunctionName: 'hello', ...change };
    await table.UpdateFunctionConfiguration.handle(input, contextOf('UpdateFunctionConfiguration'));
    await fixture.settle();
    await table.PublishVersion.handle({ FunctionName: 'hello' }, contextOf('PublishVersion'));
  }
  const make = async (input: Partial<CreateAliasRequest> = {}) =>
    table.CreateAlias.handle(
      { FunctionName: 'hello', Name: 'live', FunctionVersion: '1', ...input },
      contextOf('CreateAlias'),
    );
  const update = async (input: Partial<UpdateAliasRequest> = {}) =>
    table.UpdateAlias.handle({ FunctionName: 'hello', Name: 'live', ...input }, contextOf('UpdateAlias'));
  const get = async (Name = 'live') => table.GetAlias.handle({ FunctionName: 'hello', Name }, contextOf('GetAlias'));
  return { ...fixture, make, update, get };
}

test('CreateAlias answers the alias, and neither function nor version gets a new revision', async () => {
  const { make, get, table } = await set();
  const revisions = async () => {
    const read = async (Qualifier: string) =>
      table.GetFunctionConfiguration.handle(
        { FunctionName: 'hello', Qualifier },
        contextOf('GetFunctionConfiguration'),
      );
    return [(await read('$LATEST')).RevisionId, (await read('1')).RevisionId];
  };
  const before = await revisions();
  const { RevisionId, ...alias } = await make({ Description: 'what people use', ...weights({ 2: 0.25 }) });
  assert.deepEqual(alias, {
    AliasArn: arnOf('hello:live'),
    Name: 'live',
    FunctionVersion: '1',
    Description: 'what people use',
    RoutingConfig: { AdditionalVersionWeights: { 2: 0.25 } },
  });
  assert.deepEqual(await get(), { RevisionId, ...alias });
  assert.deepEqual(await revisions(), before);
  await assert.rejects(
    make(),
    awsError(409, 'ResourceConflictException', `Alias already exists: ${arnOf('hello:live')}`),
  );
});

const refused: readonly [what: string, input: Partial<CreateAliasRequest>, error: ReturnType<typeof awsError>][] = [
  ['a function that is not there', { FunctionName: 'gone' }, missing(`Function not found: ${arnOf('gone')}`)],
  ['a version that is not there', { FunctionVersion: '9' }, missing(`Function not found: ${arnOf('hello:9')}`)],
  ['a version with leading zeros', { FunctionVersion: '01' }, missing(`Function not found: ${arnOf('hello:01')}`)],
  ['a further version that is not there', weights({ 9: 0.1 }), missing(`Function not found: ${arnOf('hello:9')}`)],
  [
    'two further versions',
    weights({ 2: 0.1, 3: 0.1 }),
    invalid('Number of items in AdditionalVersionWeights cannot be greater than 1'),
  ],
  [
    '$LATEST with a further version',
    { FunctionVersion: '$LATEST', ...weights({ 2: 0.1 }) },
    invalid('$LATEST is not supported for an alias pointing to more than 1 version'),
  ],
  [
    'the same version twice',
    weights({ 1: 0.1 }),
    invalid('Invalid function version 1. Function version 1 is already included in routing configuration.'),
  ],
  ['another role', weights({ 3: 0.1 }), invalid('Specified versions must be associated with the same execution role')],
  [
    'another dead-letter queue',
    { FunctionVersion: '3', ...weights({ 4: 0.1 }) },
    invalid('Specified versions must be associated with the same dead-letter queue'),
  ],
  ['a qualified name', { FunctionName: 'hello:1' }, invalid(/^This operation is permitted on Lambda functions only/)],
];
for (const [what, input, error] of refused) {
  test(`CreateAlias refuses ${what}`, async () => {
    const { make, resources } = await set();
    await assert.rejects(make(input), error);
    assert.equal(resources.count('alias', { accountId: '000000000000', region: 'us-east-1', owner: 'hello' }), 0);
  });
}

test('UpdateAlias keeps what it does not name, clears weights by an empty map, and gives a new revision', async () => {
  const { make, update } = await set();
  const made = await make({ Description: 'kept', ...weights({ 2: 0.5 }) });
  const moved = await update({ FunctionVersion: '2', RevisionId: made.RevisionId, RoutingConfig: {} });
  assert.deepEqual([moved.FunctionVersion, moved.Description, moved.RoutingConfig], ['2', 'kept', undefined]);
  assert.notEqual(moved.RevisionId, made.RevisionId);
  const split = await update(weights({ 1: 1 }));
  assert.deepEqual(split.RoutingConfig, { AdditionalVersionWeights: { 1: 1 } });
  assert.deepEqual((await update({ Description: '' })).RoutingConfig, split.RoutingConfig);
});

test('UpdateAlias refuses an old revision, a missing alias, and a route that cannot be', async () => {
  const { make, update } = await set();
  await make(weights({ 2: 0.5 }));
  await assert.rejects(
    update({ RevisionId: 'old' }),
    awsError(412, 'PreconditionFailedException', /^The Revision Id provided does not match the latest Revision Id/),
  );
  await assert.rejects(update({ Name: 'gone' }), missing(`Alias not found: ${arnOf('hello:gone')}`));
  await assert.rejects(update({ FunctionVersion: '2' }), invalid(/^Invalid function version 2\./));
});

test('GetAlias does not find what is not there, DeleteAlias does not mind', async () => {
  const { make, get, table } = await set();
  const remove = async (FunctionName: string) =>
    table.DeleteAlias.handle({ FunctionName, Name: 'live' }, contextOf('DeleteAlias'));
  await make();
  assert.deepEqual(await remove('hello'), {});
  assert.deepEqual(await remove('hello'), {});
  await assert.rejects(get(), missing(`Cannot find alias arn: ${arnOf('hello:live')}`));
  await assert.rejects(remove('gone'), missing(`Function not found: ${arnOf('gone')}`));
});

test('ListAliases pages in order of name, and finds who invokes a version', async () => {
  const { make, table } = await set();
  await make({ Name: 'c', FunctionVersion: '$LATEST' });
  await make({ Name: 'a', ...weights({ 2: 0 }) });
  await make({ Name: 'b', FunctionVersion: '2' });
  const list = async (input: object = {}) => {
    const { Aliases, NextMarker } = await table.ListAliases.handle(
      { FunctionName: 'hello', ...input },
      contextOf('ListAliases'),
    );
    return { names: Aliases?.map(({ Name }) => Name), NextMarker };
  };
  assert.deepEqual(await list(), { names: ['a', 'b', 'c'], NextMarker: undefined });
  const first = await list({ MaxItems: 2 });
  assert.deepEqual(first.names, ['a', 'b']);
  assert.deepEqual((await list({ MaxItems: 2, Marker: first.NextMarker })).names, ['c']);
  assert.deepEqual((await list({ FunctionVersion: '2' })).names, ['a', 'b']);
  assert.deepEqual((await list({ FunctionVersion: '3' })).names, []);
  const page = await list({ FunctionVersion: '2', MaxItems: 1 });
  assert.deepEqual((await list({ FunctionVersion: '2', Marker: page.NextMarker })).names, ['b']);
});

test('an alias that is made while its version or its function is deleted does not stay behind', async () => {
  const { make, table, resources } = await set();
  const remove = async (Qualifier?: string) =>
    table.DeleteFunction.handle({ FunctionName: 'hello', Qualifier }, contextOf('DeleteFunction'));
  const [made, kept] = await Promise.allSettled([make(), remove('1')]);
  assert.deepEqual([made.status, kept.status], ['fulfilled', 'rejected']);
  const [gone, late] = await Promise.allSettled([remove('2'), make({ Name: 'late', FunctionVersion: '2' })]);
  assert.deepEqual([gone.status, late.status], ['fulfilled', 'rejected']);
  const [all, last] = await Promise.allSettled([remove(), make({ Name: 'last', FunctionVersion: '3' })]);
  assert.deepEqual([all.status, last.status], ['fulfilled', 'rejected']);
  assert.equal(resources.count('alias', { accountId: '000000000000', region: 'us-east-1', owner: 'hello' }), 0);
});
