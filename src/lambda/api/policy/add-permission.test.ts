import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownedKey, put, versionName } from '../../model/resources.ts';
import { arnOf, contextOf, create, createFixture, type Fixture } from '../fixture.ts';

type Input = Parameters<Fixture['table']['AddPermission']['handle']>[0];

const key = { accountId: '000000000000', region: 'us-east-1', name: 'hello' };

async function fixture() {
  const made = createFixture();
  await create(made);
  await made.settle();
  return made;
}

function add({ table }: Fixture, changes: Partial<Input> = {}) {
  const input = {
    FunctionName: 'hello',
    StatementId: 'one',
    Action: 'lambda:InvokeFunction',
    Principal: 's3.amazonaws.com',
    ...changes,
  };
  return table.AddPermission.handle(input, contextOf('AddPermission'));
}

async function policy({ table }: Fixture, Qualifier?: string) {
  return table.GetPolicy.handle({ FunctionName: 'hello', Qualifier }, contextOf('GetPolicy'));
}

function remove({ table }: Fixture, StatementId: string, RevisionId?: string) {
  return table.RemovePermission.handle(
    { FunctionName: 'hello', StatementId, RevisionId },
    contextOf('RemovePermission'),
  );
}

/** An alias and a version as the operations for them would leave them. */
async function publish({ functions, resources }: Fixture) {
  const latest = functions.get(key)?.latest;
  assert.ok(latest);
  const alias = { name: 'prod', functionVersion: '1', description: '', additionalVersionWeights: {}, revisionId: 'a1' };
  await resources.write([
    put('version', ownedKey(key, versionName(1)), { ...latest, version: '1' }),
    put('alias', ownedKey(key, 'prod'), alias),
  ]);
}

test('the statement comes back as AWS writes it, and stands in the policy', async () => {
  const made = await fixture();
  const { Statement } = await add(made, { SourceArn: 'arn:aws:s3:::photos', SourceAccount: '111122223333' });
  const resource = arnOf('hello');
  assert.equal(
    Statement,
    `{"Sid":"one","Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"${resource}","Condition":{"StringEquals":{"AWS:SourceAccount":"111122223333"},"ArnLike":{"AWS:SourceArn":"arn:aws:s3:::photos"}}}`,
  );
  const { Policy, RevisionId } = await policy(made);
  assert.equal(Policy, `{"Version":"2012-10-17","Id":"default","Statement":[${Statement}]}`);
  assert.match(RevisionId ?? '', /^[0-9a-f-]{36}$/);
});

test('principals and conditions, as AWS writes them', async () => {
  const cases: [Partial<Input>, unknown, unknown][] = [
    [{ Principal: '*' }, '*', undefined],
    [{ Principal: '111122223333' }, { AWS: 'arn:aws:iam::111122223333:root' }, undefined],
    [{ Principal: 'arn:aws:iam::111122223333:role/r' }, { AWS: 'arn:aws:iam::111122223333:role/r' }, undefined],
    [{ Principal: 'logs.eu-west-1.amazonaws.com' }, { Service: 'logs.eu-west-1.amazonaws.com' }, undefined],
    [
      { Principal: 'alexa-appkit.amazon.com', EventSourceToken: 'skill' },
      { Service: 'alexa-appkit.amazon.com' },
      { StringEquals: { 'lambda:EventSourceToken': 'skill' } },
    ],
    [
      { Principal: '*', PrincipalOrgID: 'o-1234567890' },
      '*',
      { StringEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } },
    ],
    [
      { Principal: '*', Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' },
      '*',
      { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
    ],
    [{ Principal: '*', InvokedViaFunctionUrl: true }, '*', { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } }],
  ];
  const made = await fixture();
  for (const [index, [input, Principal, Condition]] of cases.entries()) {
    const { Statement = '' } = await add(made, { ...input, StatementId: `s${index}` });
    const written = JSON.parse(Statement);
    assert.deepEqual([written.Principal, written.Condition], [Principal, Condition], JSON.stringify(input));
  }
});

test('what cannot be added is refused in AWS’s words', async () => {
  const made = await fixture();
  await add(made);
  const cases: [Partial<Input>, string, RegExp][] = [
    [{}, 'ResourceConflictException', /^The statement id \(one\) provided already exists\. Please provide a new/],
    [{ FunctionName: 'none' }, 'ResourceNotFoundException', /^Function not found: .*:none$/],
    [{ Qualifier: '7' }, 'ResourceNotFoundException', /^Function not found: .*:hello:7$/],
    [{ Qualifier: 'prod' }, 'ResourceNotFoundException', /^Cannot find alias arn: .*:hello:prod$/],
    [
      { Qualifier: '$LATEST' },
      'InvalidParameterValueException',
      /^We currently do not support adding policies for \$LATEST\.$/,
    ],
    [{ Principal: 'invalid.nonaws.com' }, 'InvalidParameterValueException', /^The provided principal was invalid/],
    [
      { Principal: 'arn:aws:iam::111122223333:user/*' },
      'InvalidParameterValueException',
      /^The provided principal was/,
    ],
    [{ FunctionUrlAuthType: 'NONE' }, 'InvalidParameterValueException', /only supported for lambda:InvokeFunctionUrl/],
    [{ StatementId: 'two', RevisionId: 'other' }, 'PreconditionFailedException', /Call the GetPolicy API to retrieve/],
  ];
  for (const [input, name, message] of cases) {
    await assert.rejects(async () => add(made, input), { name, message }, JSON.stringify(input));
  }
  assert.equal(JSON.parse((await policy(made)).Policy ?? '').Statement.length, 1);
});

test('a policy has a revision of its own; the function keeps its', async () => {
  const made = await fixture();
  const revision = () => made.functions.get(key)?.latest.revisionId;
  const before = revision();
  await add(made);
  const first = (await policy(made)).RevisionId;
  await add(made, { StatementId: 'two', RevisionId: first });
  const second = (await policy(made)).RevisionId;
  assert.notEqual(second, first);
  assert.equal(revision(), before);
  await assert.rejects(async () => remove(made, 'one', first), { name: 'PreconditionFailedException' });
  await remove(made, 'one', second);
  assert.equal(JSON.parse((await policy(made)).Policy ?? '').Statement[0].Sid, 'two');
});

test('with its last statement a policy is gone', async () => {
  const made = await fixture();
  await add(made);
  await assert.rejects(async () => remove(made, 'two'), {
    name: 'ResourceNotFoundException',
    message: 'Statement two is not found in resource policy.',
  });
  await remove(made, 'one');
  await assert.rejects(policy(made), {
    name: 'ResourceNotFoundException',
    message: 'The resource you requested does not exist.',
  });
  await assert.rejects(async () => remove(made, 'one'), {
    message: 'No policy is associated with the given resource.',
  });
});

test('function, version and alias have policies of their own', async () => {
  const made = await fixture();
  await publish(made);
  await add(made);
  await add(made, { Qualifier: '1' });
  const { Statement = '' } = await add(made, { FunctionName: 'hello:prod' });
  assert.equal(JSON.parse(Statement).Resource, `${arnOf('hello')}:prod`);
  const revisions = new Set(
    await Promise.all([undefined, '1', 'prod'].map(async (each) => (await policy(made, each)).RevisionId)),
  );
  assert.equal(revisions.size, 3);
});

test('many who add at once all succeed', async () => {
  const made = await fixture();
  await Promise.all(Array.from({ length: 30 }, (_, index) => add(made, { StatementId: `s${index}` })));
  assert.equal(JSON.parse((await policy(made)).Policy ?? '').Statement.length, 30);
});

test('a policy has 20,480 bytes at most', async () => {
  const made = await fixture();
  const SourceArn = `arn:aws:s3:::${'x'.repeat(9_000)}`;
  await add(made, { StatementId: 'a', SourceArn });
  await add(made, { StatementId: 'b', SourceArn });
  await assert.rejects(async () => add(made, { StatementId: 'c', SourceArn }), {
    name: 'PolicyLengthExceededException',
    message: /^The final policy size \(\d+\) is bigger than the limit \(20480\)\.$/,
  });
});

test('a function made again under the same name has none of the old one’s policies', async () => {
  const made = await fixture();
  await publish(made);
  await add(made);
  await add(made, { Qualifier: 'prod' });
  await made.table.DeleteFunction.handle({ FunctionName: 'hello' }, contextOf('DeleteFunction'));
  await create(made);
  await made.settle();
  await publish(made);
  for (const qualifier of [undefined, 'prod']) await assert.rejects(policy(made, qualifier), /does not exist/);
});
