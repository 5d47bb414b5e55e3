import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PublishVersionRequest } from '@aws-sdk/client-lambda';
import { awsError } from '../../model/expected-error.ts';
import { arnOf, contextOf, create, createFixture, zip } from '../fixture.ts';

const otherZip = Buffer.from('PK of another test');

async function set(settings = {}) {
  const fixture = createFixture(settings);
  const { table } = fixture;
  await create(fixture);
  await fixture.settle();
  const publish = async (input: Partial<PublishVersionRequest> = {}) =>
    table.PublishVersion.handle({ FunctionName: 'hello', ...input }, contextOf('PublishVersion'));
  const get = async (Qualifier?: string) =>
    table.GetFunctionConfiguration.handle({ FunctionName: 'hello', Qualifier }, contextOf('GetFunctionConfiguration'));
  const configure = async (input: object) => {
    const named = { FunctionName: 'hello', ...input };
    await table.UpdateFunctionConfiguration.handle(named, contextOf('UpdateFunctionConfiguration'));
    await fixture.settle();
  };
  return { ...fixture, fixture, publish, get, configure };
}

test('PublishVersion freezes code and configuration under the next number', async () => {
  const { publish, get, configure } = await set();
  await configure({ MemorySize: 256 });
  const first = await publish();
  assert.deepEqual(
    [first.Version, first.FunctionArn, first.MemorySize, first.State, first.LastUpdateStatus],
    ['1', arnOf('hello:1'), 256, 'Active', 'Successful'],
  );
  await configure({ MemorySize: 512 });
  const second = await publish({ Description: 'the second' });
  assert.deepEqual([second.Version, second.MemorySize, second.Description], ['2', 512, 'the second']);
  assert.deepEqual(await get('1'), first);
  assert.equal((await get()).Description, '');
});

test('PublishVersion gives $LATEST a new revision, and the version keeps its own', async () => {
  const { publish, get, configure } = await set();
  const before = await get();
  const { RevisionId } = await publish({ RevisionId: before.RevisionId });
  const after = await get();
  assert.notEqual(after.RevisionId, before.RevisionId);
  assert.equal(after.LastModified, before.LastModified);
  await configure({ Timeout: 5 });
  assert.equal((await get('1')).RevisionId, RevisionId);
});

test('PublishVersion answers the version before when nothing changed, and a revert is a change', async () => {
  const { publish, configure, functions } = await set();
  const first = await publish({ Description: 'mine' });
  const bytes = functions.usage({ accountId: '000000000000', region: 'us-east-1' }).codeBytes;
  assert.deepEqual(await publish({ Description: 'other' }), first);
  assert.equal(functions.usage({ accountId: '000000000000', region: 'us-east-1' }).codeBytes, bytes);
  await configure({ Environment: { Variables: { A1: 'x' } } });
  assert.equal((await publish()).Version, '2');
  await configure({ Environment: { Variables: {} } });
  assert.equal((await publish()).Version, '3');
  await configure({ Description: 'mine' });
  assert.equal((await publish()).Version, '4');
});

test('PublishVersion checks revision and package in AWS’s words', async () => {
  const { publish, get } = await set();
  await assert.rejects(
    publish({ RevisionId: 'old' }),
    awsError(412, 'PreconditionFailedException', /^The Revision Id provided does not match/),
  );
  const { CodeSha256 } = await get();
  await assert.rejects(
    publish({ CodeSha256: 'AAAA' }),
    awsError(
      400,
      'InvalidParameterValueException',
      `CodeSHA256 (AAAA) is different from current CodeSHA256 in $LATEST (${CodeSha256}). Please try again with the CodeSHA256 in $LATEST.`,
    ),
  );
  assert.equal((await publish({ CodeSha256 })).Version, '1');
});

test('PublishVersion waits for nothing: pending, updating and failed functions are conflicts', async () => {
  const fixture = createFixture();
  const publish = async (input = {}) =>
    fixture.table.PublishVersion.handle({ FunctionName: 'hello', ...input }, contextOf('PublishVersion'));
  await assert.rejects(publish(), awsError(404, 'ResourceNotFoundException', `Function not found: ${arnOf('hello')}`));
  await create(fixture);
  await assert.rejects(publish(), awsError(409, 'ResourceConflictException', /state: Pending$/));
  fixture.code.unpacking = () => Promise.reject(new Error('the disk is full'));
  await fixture.settle();
  await assert.rejects(publish(), awsError(409, 'ResourceConflictException', /state: Failed$/));
  fixture.code.unpacking = async () => {};
  const update = async () =>
    fixture.table.UpdateFunctionCode.handle(
      { FunctionName: 'hello', ZipFile: otherZip },
      contextOf('UpdateFunctionCode'),
    );
  await update();
  await fixture.settle();
  await update();
  await assert.rejects(publish(), awsError(409, 'ResourceConflictException', /An update is in progress/));
  fixture.code.unpacking = () => Promise.reject(new Error('the disk is full'));
  await fixture.settle();
  await assert.rejects(publish(), awsError(409, 'ResourceConflictException', /last update failed: the disk is full/));
  await assert.rejects(
    publish({ PublishTo: 'LATEST_PUBLISHED' }),
    awsError(400, 'InvalidParameterValueException', /./),
  );
});

test('two publications at once make one version, and the other is a conflict', async () => {
  const { publish } = await set();
  const outcomes = await Promise.allSettled([publish(), publish()]);
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
});

test('each version counts its package in the account’s storage', async () => {
  const { publish, functions, configure } = await set({ codeStorageBytesMax: 2 * zip.byteLength });
  await publish();
  assert.equal(functions.usage({ accountId: '000000000000', region: 'us-east-1' }).codeBytes, 2 * zip.byteLength);
  await configure({ Timeout: 9 });
  await assert.rejects(publish(), awsError(400, 'CodeStorageExceededException', 'Code storage limit exceeded.'));
});

test('CreateFunction with Publish answers version 1, Pending until the function is ready', async () => {
  const fixture = createFixture();
  const answer = await create(fixture, { Publish: true });
  assert.deepEqual([answer.Version, answer.FunctionArn, answer.State], ['1', arnOf('hello:1'), 'Pending']);
  const invoke = async () =>
    fixture.table.Invoke.handle({ FunctionName: 'hello', Qualifier: '1' }, contextOf('Invoke'));
  await assert.rejects(invoke(), awsError(409, 'ResourceConflictException', /state: Pending$/));
  await fixture.settle();
  assert.equal((await invoke()).ExecutedVersion, '1');
  const ready = await fixture.table.GetFunction.handle(
    { FunctionName: 'hello', Qualifier: '1' },
    contextOf('GetFunction'),
  );
  assert.deepEqual([ready.Configuration?.State, ready.Configuration?.LastUpdateStatus], ['Active', 'Successful']);
  assert.notEqual(ready.Configuration?.RevisionId, answer.RevisionId);
});

test('a version that was published along fails with its function, and is not taken for unchanged', async () => {
  const { fixture, publish, get, configure } = await set();
  fixture.code.unpacking = () => Promise.reject(new Error('the disk is full'));
  const answer = await fixture.table.UpdateFunctionCode.handle(
    { FunctionName: 'hello', ZipFile: otherZip, Publish: true },
    contextOf('UpdateFunctionCode'),
  );
  assert.deepEqual([answer.Version, answer.State, answer.LastUpdateStatus], ['1', 'Pending', undefined]);
  await fixture.settle();
  assert.deepEqual([(await get('1')).State, (await get('1')).StateReason], ['Failed', 'the disk is full']);
  fixture.code.unpacking = async () => {};
  await configure({});
  assert.equal((await publish()).Version, '2');
});

test('UpdateFunctionCode with Publish answers the new version, or the one before when the code is the same', async () => {
  const { fixture, get } = await set();
  const update = async (ZipFile: Buffer) => {
    const input = { FunctionName: 'hello', ZipFile, Publish: true };
    const answer = await fixture.table.UpdateFunctionCode.handle(input, contextOf('UpdateFunctionCode'));
    await fixture.settle();
    return answer.Version;
  };
  assert.deepEqual([await update(otherZip), await update(otherZip), await update(zip)], ['1', '1', '2']);
  assert.equal((await get('2')).State, 'Active');
  assert.notEqual((await get('1')).CodeSha256, (await get('2')).CodeSha256);
});
