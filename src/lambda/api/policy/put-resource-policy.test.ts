import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arnOf, contextOf, create, createFixture } from '../fixture.ts';

const ResourceArn = arnOf('hello');
const statement = {
  Sid: 'office',
  Effect: 'Allow',
  Principal: '*',
  Action: 'lambda:InvokeFunction',
  Resource: ResourceArn,
};
const text = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });

async function fixture() {
  const made = createFixture();
  await create(made);
  await made.settle();
  const { table } = made;
  return {
    put: async (Policy: string, RevisionId?: string) =>
      table.PutResourcePolicy.handle({ ResourceArn, Policy, RevisionId }, contextOf('PutResourcePolicy')),
    get: async () => table.GetResourcePolicy.handle({ ResourceArn }, contextOf('GetResourcePolicy')),
    drop: async (RevisionId?: string) =>
      table.DeleteResourcePolicy.handle({ ResourceArn, RevisionId }, contextOf('DeleteResourcePolicy')),
    add: async (StatementId: string) =>
      table.AddPermission.handle(
        { FunctionName: 'hello', StatementId, Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com' },
        contextOf('AddPermission'),
      ),
    remove: async (StatementId: string) =>
      table.RemovePermission.handle({ FunctionName: 'hello', StatementId }, contextOf('RemovePermission')),
  };
}

test('the whole document is replaced, and is the one that permissions join and leave', async () => {
  const { put, get, add, remove } = await fixture();
  await add('one');
  const document = { Version: '2012-10-17', Statement: statement };
  const { Policy, RevisionId } = await put(JSON.stringify(document, undefined, 2));
  assert.deepEqual(JSON.parse(Policy ?? ''), document);
  assert.deepEqual(await get(), { Policy, RevisionId });
  await add('two');
  const sids = async () => JSON.parse((await get()).Policy ?? '').Statement.map(({ Sid }: { Sid: string }) => Sid);
  assert.deepEqual(await sids(), ['office', 'two']);
  await remove('office');
  assert.deepEqual(await sids(), ['two']);
});

test('deleting a policy needs its revision, when one is given, and a policy', async () => {
  const { put, get, drop } = await fixture();
  await assert.rejects(get(), {
    name: 'ResourceNotFoundException',
    message: 'The resource you requested does not exist.',
  });
  await assert.rejects(drop(), { message: 'No policy is associated with the given resource.' });
  const { RevisionId } = await put(text(statement));
  await assert.rejects(put(text(statement), '00000000-0000-4000-8000-000000000000'), {
    name: 'PreconditionFailedException',
  });
  await assert.rejects(drop('00000000-0000-4000-8000-000000000000'), { name: 'PreconditionFailedException' });
  await drop(RevisionId);
  await assert.rejects(get(), { name: 'ResourceNotFoundException' });
});

test('what is no policy of this function is refused with the reason', async () => {
  const { put } = await fixture();
  const cases: [string, RegExp][] = [
    ['{', /Syntax errors in policy\./],
    [text({ ...statement, Principal: undefined }), /Missing required field Principal/],
    [text({ ...statement, Action: 's3:GetObject' }), /s3:GetObject is no action of lambda/],
    [text({ ...statement, Resource: arnOf('other') }), /its resource .*:other is not .*:hello$/],
    [text({ ...statement, Condition: { StringSame: { a: 'b' } } }), /Invalid Condition type : StringSame/],
  ];
  for (const [policy, message] of cases) {
    await assert.rejects(put(policy), { name: 'InvalidParameterValueException', message }, policy);
  }
  await put(text(statement, { ...statement, Sid: 'all', Effect: 'Deny', Resource: `${ResourceArn}:*` }));
});
