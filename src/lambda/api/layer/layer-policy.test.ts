import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AddLayerVersionPermissionRequest } from '@aws-sdk/client-lambda';
import type { RequestContext } from '../../../aws/operation.ts';
import { awsError } from '../../model/expected-error.ts';
import { contextOf, createFixture, role, zip } from '../fixture.ts';

const arn = 'arn:aws:lambda:us-east-1:000000000000:layer:a:1';
const layer = { LayerName: 'a', VersionNumber: 1 };
const other = '111111111111';
const others: Partial<RequestContext> = {
  accountId: other,
  principal: { kind: 'root', accountId: other, arn: `arn:aws:iam::${other}:root` },
};

async function published() {
  const fixture = createFixture();
  const { table } = fixture;
  const input = { LayerName: 'a', Content: { ZipFile: zip } };
  await table.PublishLayerVersion.handle(input, contextOf('PublishLayerVersion'));
  return {
    ...fixture,
    add: async (more: Partial<AddLayerVersionPermissionRequest> = {}) =>
      table.AddLayerVersionPermission.handle(
        { ...layer, StatementId: 's', Action: 'lambda:GetLayerVersion', Principal: other, ...more },
        contextOf('AddLayerVersionPermission'),
      ),
    policy: async (VersionNumber = 1) =>
      table.GetLayerVersionPolicy.handle({ ...layer, VersionNumber }, contextOf('GetLayerVersionPolicy')),
    take: async (StatementId: string, RevisionId?: string) =>
      table.RemoveLayerVersionPermission.handle(
        { ...layer, StatementId, RevisionId },
        contextOf('RemoveLayerVersionPermission'),
      ),
    read: async () =>
      table.GetLayerVersion.handle({ ...layer, LayerName: arn.slice(0, -2) }, contextOf('GetLayerVersion', others)),
    use: async (FunctionName: string) =>
      table.CreateFunction.handle(
        { FunctionName, Runtime: 'nodejs24.x', Handler: 'a.b', Role: role, Code: { ZipFile: zip }, Layers: [arn] },
        contextOf('CreateFunction', others),
      ),
  };
}

const denied = awsError(
  403,
  'AccessDeniedException',
  `User: arn:aws:iam::${other}:root is not authorized to perform: lambda:GetLayerVersion on resource: ${arn} because no resource-based policy allows the lambda:GetLayerVersion action`,
);
const noPolicy = awsError(404, 'ResourceNotFoundException', 'No policy is associated with the given resource.');

test('A layer version is for another account only while its policy says so', async () => {
  const { add, take, read, use } = await published();
  await assert.rejects(read(), denied);
  await assert.rejects(use('f'), denied);
  const { Statement = '' } = await add();
  assert.deepEqual(JSON.parse(Statement), {
    Sid: 's',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${other}:root` },
    Action: 'lambda:GetLayerVersion',
    Resource: arn,
  });
  assert.equal((await read()).LayerVersionArn, arn);
  assert.deepEqual((await use('f')).Layers?.[0]?.Arn, arn);
  await take('s');
  await assert.rejects(use('g'), denied);
  await add({ Principal: '*' });
  await use('h');
});

test('A layer version shared with an organization is shared with nobody: there is none', async () => {
  const { add, policy, read } = await published();
  await add({ Principal: '*', OrganizationId: 'o-0123456789' });
  assert.match(
    (await policy()).Policy ?? '',
    /"Principal":"\*".*"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-0123456789"}}/,
  );
  await assert.rejects(read(), denied);
});

test('Each change gives the policy a new revision, and one that is told must be the latest', async () => {
  const { add, take, policy } = await published();
  await assert.rejects(policy(), noPolicy);
  const first = await add();
  assert.deepEqual(await policy(), {
    Policy: `{"Version":"2012-10-17","Id":"default","Statement":[${first.Statement}]}`,
    RevisionId: first.RevisionId,
  });
  const stale = awsError(412, 'PreconditionFailedException', /Call the GetLayerPolicy API/);
  await assert.rejects(add({ StatementId: 't', RevisionId: 'other' }), stale);
  const second = await add({ StatementId: 't', RevisionId: first.RevisionId });
  assert.notEqual(second.RevisionId, first.RevisionId);
  await assert.rejects(take('t', first.RevisionId), stale);
  await take('t', second.RevisionId);
  await assert.rejects(add(), awsError(409, 'ResourceConflictException', /statement id \(s\) provided already exists/));
  await assert.rejects(
    take('t'),
    awsError(404, 'ResourceNotFoundException', 'Statement t is not found in resource policy.'),
  );
  await take('s');
  await assert.rejects(policy(), noPolicy);
  await assert.rejects(take('s'), noPolicy);
});

test('Statements added at once are all there', async () => {
  const { add, policy } = await published();
  await Promise.all(Array.from({ length: 20 }, (_, index) => add({ StatementId: `s${index}` })));
  assert.equal(JSON.parse((await policy()).Policy ?? '').Statement.length, 20);
});

test('A policy goes with its version and is refused for one that is not there', async () => {
  const { add, policy, table, resources } = await published();
  await add();
  await table.DeleteLayerVersion.handle(layer, contextOf('DeleteLayerVersion'));
  const scope = { accountId: '000000000000', region: 'us-east-1', limit: 9 };
  assert.deepEqual(resources.list('layer-policy', scope), []);
  await assert.rejects(policy(), awsError(404, 'ResourceNotFoundException', `Layer version ${arn} does not exist.`));
  await assert.rejects(add(), awsError(404, 'ResourceNotFoundException', `Layer version ${arn} does not exist.`));
  await assert.rejects(
    policy(0),
    awsError(400, 'InvalidParameterValueException', 'Layer Version Cannot be less than 1'),
  );
});
