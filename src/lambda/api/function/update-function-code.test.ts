import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UpdateFunctionCodeRequest } from '@aws-sdk/client-lambda';
import { awsError } from '../../model/expected-error.ts';
import { arnOf, contextOf, create, createFixture } from '../fixture.ts';

const ZipFile = Buffer.from('PK, the second');
const key = { accountId: '000000000000', region: 'us-east-1', name: 'hello' };

async function active() {
  const fixture = createFixture();
  await create(fixture);
  await fixture.settle();
  const update = async (input: Partial<UpdateFunctionCodeRequest> = {}) =>
    fixture.table.UpdateFunctionCode.handle(
      { FunctionName: 'hello', ZipFile, ...input },
      contextOf('UpdateFunctionCode'),
    );
  return { ...fixture, fixture, update };
}

test('UpdateFunctionCode answers InProgress with the new package, then Successful', async () => {
  const { functions, update, settle, clock } = await active();
  clock.set(clock.now() + 5000);
  const before = functions.get(key);
  const answer = await update();
  assert.deepEqual(
    [answer.State, answer.LastUpdateStatus, answer.LastUpdateStatusReason, answer.LastUpdateStatusReasonCode],
    ['Active', 'InProgress', 'The function is being created.', 'Creating'],
  );
  assert.equal(answer.CodeSize, ZipFile.byteLength);
  assert.equal(answer.LastModified, '2026-11-24T01:02:08.456+0000');
  assert.notEqual(answer.RevisionId, before?.latest.revisionId);
  assert.equal(functions.get(key)?.serving?.id, before?.serving?.id);
  await settle();
  const after = functions.get(key);
  assert.equal(after?.latest.lastUpdateStatus?.value, 'Successful');
  assert.equal(after.serving?.code.size, ZipFile.byteLength);
  assert.notEqual(after.serving.id, before?.serving?.id);
  assert.notEqual(after.latest.revisionId, answer.RevisionId);
});

test('UpdateFunctionCode with DryRun shows what would be and changes nothing', async () => {
  const { functions, update, counts } = await active();
  const before = functions.get(key);
  const kicks = counts.kicks;
  const answer = await update({ DryRun: true });
  assert.equal(answer.CodeSize, ZipFile.byteLength);
  assert.equal(answer.RevisionId, before?.latest.revisionId);
  assert.deepEqual(functions.get(key), before);
  assert.equal(counts.kicks, kicks);
  await assert.rejects(
    update({ DryRun: true, ZipFile: Buffer.from('no ZIP') }),
    awsError(400, 'InvalidParameterValueException', /^Could not unzip uploaded file/),
  );
});

test('UpdateFunctionCode is refused while the function is Pending', async () => {
  const { fixture, update, table } = await active();
  await table.DeleteFunction.handle({ FunctionName: 'hello' }, contextOf('DeleteFunction'));
  await create(fixture);
  await assert.rejects(
    update(),
    awsError(
      409,
      'ResourceConflictException',
      'The operation cannot be performed at this time. The function is currently in the following state: Pending',
    ),
  );
});

test('UpdateFunctionCode is refused during another update', async () => {
  const { update } = await active();
  await update();
  await assert.rejects(
    update(),
    awsError(
      409,
      'ResourceConflictException',
      `The operation cannot be performed at this time. An update is in progress for resource: ${arnOf('hello')}`,
    ),
  );
});

test('of two updates at once one is taken', async () => {
  const { update } = await active();
  const answers = await Promise.allSettled([update(), update()]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
});

test('UpdateFunctionCode takes the latest revision id and refuses another with 412', async () => {
  const { update, functions } = await active();
  await assert.rejects(
    update({ RevisionId: 'stale' }),
    awsError(
      412,
      'PreconditionFailedException',
      'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
    ),
  );
  await update({ RevisionId: functions.get(key)?.latest.revisionId });
});

test('a failed creation is mended by an update', async () => {
  const { fixture, table, code, update, settle, functions } = await active();
  await table.DeleteFunction.handle({ FunctionName: 'hello' }, contextOf('DeleteFunction'));
  code.unpacking = () => Promise.reject(new Error('ENOSPC'));
  await create(fixture);
  await settle();
  assert.equal(functions.get(key)?.latest.state.value, 'Failed');
  code.unpacking = async () => {};
  assert.equal((await update()).State, 'Pending');
  await settle();
  assert.equal(functions.get(key)?.latest.state.value, 'Active');
});

const invalid = (message: string | RegExp) => awsError(400, 'InvalidParameterValueException', message);

const refusals: [title: string, input: Partial<UpdateFunctionCodeRequest>, error: (error: unknown) => boolean][] = [
  [
    'an image',
    { ImageUri: 'repo:tag' },
    invalid("Please don't provide ImageUri when updating a function with packageType Zip."),
  ],
  ['no source', { ZipFile: undefined }, invalid('Please provide a source for function code.')],
  [
    'code in S3',
    { ZipFile: undefined, S3Bucket: 'b', S3Key: 'k' },
    invalid(
      'Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist',
    ),
  ],
  ['another architecture', { Architectures: ['arm64'] }, invalid(/this machine is x86_64/)],
  ['PublishTo', { PublishTo: 'LATEST_PUBLISHED' }, invalid(/^Cannot accept PublishTo: /)],
  ['a version', { FunctionName: 'hello:1' }, invalid(/^This operation is permitted on Lambda functions only/)],
  [
    'a function that is not there',
    { FunctionName: 'other' },
    awsError(404, 'ResourceNotFoundException', `Function not found: ${arnOf('other')}`),
  ],
];

for (const [title, input, error] of refusals) {
  test(`UpdateFunctionCode refuses ${title}`, async () => {
    const { update, functions } = await active();
    const before = functions.get(key);
    await assert.rejects(update(input), error);
    assert.deepEqual(functions.get(key), before);
  });
}
