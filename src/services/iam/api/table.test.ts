import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsPolicies } from '../../../iam/managed/policies.ts';
import { policyOf } from '../../../iam/policy/policy.ts';
import { accountId, allow, document, lambdaTrust, root, scene } from '../testing/scene.ts';

const basic = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
const readable = (text = '') => JSON.parse(decodeURIComponent(text));

test('a role is made, read, changed and deleted, in the order in which tools do it', async (t) => {
  const s = scene(t);
  const Tags = [{ Key: 'Team', Value: 'a' }];
  const { Role } = await s.call('CreateRole', {
    RoleName: 'Worker',
    Path: '/app/',
    AssumeRolePolicyDocument: lambdaTrust,
    Tags,
  });
  assert.match(Role?.RoleId ?? '', /^AROA[A-Z2-7]{17}$/);
  assert.equal(Role?.Arn, 'arn:aws:iam::000000000000:role/app/Worker');
  assert.deepEqual(readable(Role?.AssumeRolePolicyDocument), JSON.parse(lambdaTrust));
  assert.deepEqual([Role?.MaxSessionDuration, Role?.Tags], [3600, Tags]);
  const taken = { code: 'EntityAlreadyExists', status: 409, message: 'Role with name worker already exists.' };
  await assert.rejects(s.call('CreateRole', { RoleName: 'worker', AssumeRolePolicyDocument: lambdaTrust }), taken);
  const RoleName = 'worker';
  await s.call('UpdateRole', { RoleName, Description: 'works', MaxSessionDuration: 7200 });
  await s.call('UpdateRole', { RoleName });
  const other = document({ Effect: 'Allow', Principal: { AWS: accountId }, Action: 'sts:AssumeRole' });
  await s.call('UpdateAssumeRolePolicy', { RoleName, PolicyDocument: other });
  const got = (await s.call('GetRole', { RoleName })).Role;
  assert.deepEqual([got?.RoleName, got?.Description, got?.MaxSessionDuration], ['Worker', 'works', 7200]);
  assert.deepEqual(readable(got?.AssumeRolePolicyDocument), JSON.parse(other));
  const described = await s.call('UpdateRoleDescription', { RoleName, Description: 'rests' });
  assert.equal(described.Role?.Description, 'rests');

  await s.call('TagRole', { RoleName, Tags: [{ Key: 'team', Value: 'b' }] });
  await s.call('TagRole', { RoleName, Tags: [{ Key: 'Stage', Value: '1' }] });
  await s.call('UntagRole', { RoleName, TagKeys: ['stage', 'nothing'] });
  assert.deepEqual((await s.call('ListRoleTags', { RoleName })).Tags, [{ Key: 'team', Value: 'b' }]);
  await assert.rejects(s.call('TagRole', { RoleName, Tags: [...Tags, ...Tags] }), { code: 'InvalidInput' });

  await s.call('AttachRolePolicy', { RoleName, PolicyArn: basic });
  await s.call('AttachRolePolicy', { RoleName, PolicyArn: basic });
  const attached = await s.call('ListAttachedRolePolicies', { RoleName });
  assert.deepEqual(attached.AttachedPolicies, [{ PolicyName: 'AWSLambdaBasicExecutionRole', PolicyArn: basic }]);
  await s.call('PutRolePolicy', { RoleName, PolicyName: 'p', PolicyDocument: document(allow('s3:*')) });
  await s.call('PutRolePolicy', { RoleName, PolicyName: 'p', PolicyDocument: document(allow('sqs:*')) });
  assert.deepEqual((await s.call('ListRolePolicies', { RoleName })).PolicyNames, ['p']);
  const inline = await s.call('GetRolePolicy', { RoleName, PolicyName: 'p' });
  assert.deepEqual(readable(inline.PolicyDocument).Statement, [allow('sqs:*')]);

  const conflict = (message: string) => ({ code: 'DeleteConflict', status: 409, message });
  const inUse = conflict('Cannot delete entity, must detach all policies first.');
  await assert.rejects(s.call('DeleteRole', { RoleName }), inUse);
  await s.call('DetachRolePolicy', { RoleName, PolicyArn: basic });
  await assert.rejects(s.call('DetachRolePolicy', { RoleName, PolicyArn: basic }), { code: 'NoSuchEntity' });
  const holding = conflict('Cannot delete entity, must delete policies first.');
  await assert.rejects(s.call('DeleteRole', { RoleName }), holding);
  await s.call('DeleteRolePolicy', { RoleName, PolicyName: 'p' });
  await assert.rejects(s.call('DeleteRolePolicy', { RoleName, PolicyName: 'p' }), { code: 'NoSuchEntity' });
  assert.deepEqual((await s.call('ListInstanceProfilesForRole', { RoleName })).InstanceProfiles, []);
  await s.call('DeleteRole', { RoleName });
  const gone = { code: 'NoSuchEntity', status: 404, message: 'The role with name worker cannot be found.' };
  await assert.rejects(s.call('GetRole', { RoleName }), gone);
  await assert.rejects(s.call('DeleteRole', { RoleName }), gone);
});

test('documents that are no policies, or too long, are refused and change nothing', async (t) => {
  const s = scene(t);
  await s.call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: lambdaTrust });
  const malformed = (message: string) => ({ code: 'MalformedPolicyDocument', status: 400, message });
  const trusts: [text: string, message: string][] = [
    ['{', 'Syntax errors in policy.'],
    [document({ ...allow('sts:AssumeRole'), Principal: '*' }), 'Has prohibited field Resource'],
    [document({ Effect: 'Allow', Action: 'sts:AssumeRole' }), 'Missing required field Principal'],
    [
      document({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject' }),
      'AssumeRole policy of r may only specify STS AssumeRole actions.',
    ],
  ];
  for (const [PolicyDocument, message] of trusts) {
    const update = s.call('UpdateAssumeRolePolicy', { RoleName: 'r', PolicyDocument });
    await assert.rejects(update, malformed(message));
  }
  const put = (PolicyDocument: string, PolicyName = 'p') =>
    s.call('PutRolePolicy', { RoleName: 'r', PolicyName, PolicyDocument });
  await assert.rejects(put('[]'), malformed('Syntax errors in policy.'));
  await assert.rejects(
    put(document({ ...allow('s3:*'), Principal: '*' })),
    malformed('Policy document should not specify a principal.'),
  );
  const long = (characters: number) => document(allow('s3:*', `arn:aws:s3:::${'x'.repeat(characters)}`));
  await put(`${long(10_000)}${' '.repeat(20_000)}`);
  await assert.rejects(put(long(10_000), 'second'), { code: 'LimitExceeded', status: 409 });
  await assert.rejects(s.call('CreatePolicy', { PolicyName: 'p', PolicyDocument: long(6_144) }), {
    code: 'LimitExceeded',
    message: 'Cannot exceed quota for PolicySize: 6144',
  });
  assert.deepEqual((await s.call('ListRolePolicies', { RoleName: 'r' })).PolicyNames, ['p']);
  assert.deepEqual((await s.call('ListPolicies', { Scope: 'Local' })).Policies, []);
});

test('a managed policy has up to five versions, one of which counts; it goes when nobody has it', async (t) => {
  const s = scene(t);
  const PolicyDocument = document(allow('s3:*'));
  const { Policy } = await s.call('CreatePolicy', { PolicyName: 'p', Path: '/x/', PolicyDocument, Description: 'd' });
  const PolicyArn = Policy?.Arn ?? '';
  assert.equal(PolicyArn, 'arn:aws:iam::000000000000:policy/x/p');
  assert.match(Policy?.PolicyId ?? '', /^ANPA[A-Z2-7]{17}$/);
  for (let n = 2; n <= 5; n += 1) await s.call('CreatePolicyVersion', { PolicyArn, PolicyDocument });
  const another = { PolicyArn, PolicyDocument, SetAsDefault: true };
  await assert.rejects(s.call('CreatePolicyVersion', another), { code: 'LimitExceeded' });
  await assert.rejects(s.call('DeletePolicyVersion', { PolicyArn, VersionId: 'v1' }), { code: 'DeleteConflict' });
  await s.call('DeletePolicyVersion', { PolicyArn, VersionId: 'v5' });
  assert.equal((await s.call('CreatePolicyVersion', another)).PolicyVersion?.VersionId, 'v6');
  const { Versions = [] } = await s.call('ListPolicyVersions', { PolicyArn });
  assert.deepEqual(
    Versions.map(({ VersionId, IsDefaultVersion }) => [VersionId, IsDefaultVersion]),
    [
      ['v6', true],
      ['v4', false],
      ['v3', false],
      ['v2', false],
      ['v1', false],
    ],
  );
  await s.call('SetDefaultPolicyVersion', { PolicyArn, VersionId: 'v2' });
  assert.equal((await s.call('GetPolicy', { PolicyArn })).Policy?.DefaultVersionId, 'v2');
  const { PolicyVersion } = await s.call('GetPolicyVersion', { PolicyArn, VersionId: 'v2' });
  assert.deepEqual(readable(PolicyVersion?.Document), JSON.parse(PolicyDocument));

  await s.call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: lambdaTrust, PermissionsBoundary: basic });
  await s.call('CreateUser', { UserName: 'u' });
  await s.call('AttachRolePolicy', { RoleName: 'r', PolicyArn });
  await s.call('AttachUserPolicy', { UserName: 'u', PolicyArn });
  assert.equal((await s.call('GetPolicy', { PolicyArn })).Policy?.AttachmentCount, 2);
  const first = await s.call('ListEntitiesForPolicy', { PolicyArn, MaxItems: 1 });
  assert.deepEqual([first.PolicyRoles?.[0]?.RoleName, first.PolicyUsers, first.IsTruncated], ['r', [], true]);
  const rest = await s.call('ListEntitiesForPolicy', { PolicyArn, Marker: first.Marker });
  assert.deepEqual([rest.PolicyRoles, rest.PolicyUsers?.[0]?.UserName, rest.IsTruncated], [[], 'u', false]);
  const bounded = await s.call('ListEntitiesForPolicy', { PolicyArn: basic, PolicyUsageFilter: 'PermissionsBoundary' });
  assert.equal(bounded.PolicyRoles?.[0]?.RoleName, 'r');
  await assert.rejects(s.call('DeletePolicy', { PolicyArn }), { code: 'DeleteConflict' });
  await s.call('DetachRolePolicy', { RoleName: 'r', PolicyArn });
  await s.call('DetachUserPolicy', { UserName: 'u', PolicyArn });
  await assert.rejects(s.call('DeletePolicy', { PolicyArn }), { code: 'DeleteConflict' });
  for (const VersionId of ['v1', 'v3', 'v4', 'v6']) await s.call('DeletePolicyVersion', { PolicyArn, VersionId });
  await s.call('DeletePolicy', { PolicyArn });
  await assert.rejects(s.call('GetPolicy', { PolicyArn }), { code: 'NoSuchEntity', status: 404 });
});

test('AWS’s own policies are policies, can be read, and cannot be changed', async (t) => {
  const s = scene(t);
  for (const { document: text } of awsPolicies) assert.ok(policyOf(text, 'identity').statements.length > 0);
  const { PolicyVersion } = await s.call('GetPolicyVersion', { PolicyArn: basic, VersionId: 'v1' });
  assert.deepEqual(readable(PolicyVersion?.Document).Statement[0].Action, [
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ]);
  const { Policies = [] } = await s.call('ListPolicies', { Scope: 'AWS', MaxItems: 1000 });
  assert.equal(Policies.length, awsPolicies.length);
  assert.equal(new Set(Policies.map(({ PolicyId }) => PolicyId)).size, awsPolicies.length);
  await assert.rejects(s.call('DeletePolicy', { PolicyArn: basic }), { code: 'NoSuchEntity' });
  const unknown = 'arn:aws:iam::aws:policy/NoSuchPolicy';
  await s.call('CreateUser', { UserName: 'u' });
  await assert.rejects(s.call('AttachUserPolicy', { UserName: 'u', PolicyArn: unknown }), { code: 'NoSuchEntity' });
  await assert.rejects(s.call('AttachUserPolicy', { UserName: 'u', PolicyArn: 'nonsense' }), {
    code: 'ValidationError',
  });
});

test('lists go on behind the last name, whatever was deleted between two pages', async (t) => {
  const s = scene(t);
  for (const RoleName of ['B', 'a', 'c', 'D', 'e']) {
    await s.call('CreateRole', { RoleName, AssumeRolePolicyDocument: lambdaTrust, Path: RoleName < 'a' ? '/x/' : '/' });
  }
  const names = (answer: { Roles: { RoleName?: string }[] | undefined }) =>
    answer.Roles?.map(({ RoleName }) => RoleName);
  const first = await s.call('ListRoles', { MaxItems: 2 });
  assert.deepEqual([names(first), first.IsTruncated], [['a', 'B'], true]);
  await s.call('DeleteRole', { RoleName: 'B' });
  const second = await s.call('ListRoles', { MaxItems: 2, Marker: first.Marker });
  assert.deepEqual(names(second), ['c', 'D']);
  const third = await s.call('ListRoles', { MaxItems: 2, Marker: second.Marker });
  assert.deepEqual([names(third), third.IsTruncated, third.Marker], [['e'], false, undefined]);
  assert.deepEqual(names(await s.call('ListRoles', { PathPrefix: '/x/' })), ['D']);
  await assert.rejects(s.call('ListRoles', { Marker: 'nonsense' }), { code: 'ValidationError' });
});

test('a user’s keys are those of lambent keys; an inactive one lets nobody in, and a user with keys stays', async (t) => {
  const s = scene(t);
  const own = s.keys.create({ accountId, user: 'ada', policies: [document(allow('s3:*'))], createdAt: 5 });
  assert.equal((await s.call('GetUser', { UserName: 'ada' })).User?.Arn, own.principalArn);
  const { AccessKey } = await s.call('CreateAccessKey', { UserName: 'ada' });
  const AccessKeyId = AccessKey?.AccessKeyId ?? '';
  await assert.rejects(s.call('CreateAccessKey', { UserName: 'ada' }), { code: 'LimitExceeded' });
  await s.call('PutUserPolicy', { UserName: 'ada', PolicyName: 'p', PolicyDocument: document(allow('sqs:*')) });
  const policiesOf = (id: string) => s.keys.find(id)?.policies.map((text) => JSON.parse(text).Statement[0].Action);
  assert.deepEqual([policiesOf(own.accessKeyId), policiesOf(AccessKeyId)], [['s3:*', 'sqs:*'], ['sqs:*']]);
  await s.call('AttachUserPolicy', { UserName: 'ada', PolicyArn: 'arn:aws:iam::aws:policy/AmazonSNSFullAccess' });
  assert.deepEqual(policiesOf(AccessKeyId), ['sqs:*', 'sns:*']);
  await s.call('UpdateAccessKey', { UserName: 'ada', AccessKeyId, Status: 'Inactive' });
  assert.equal(s.keys.find(AccessKeyId), undefined);
  const { AccessKeyMetadata = [] } = await s.call('ListAccessKeys', { UserName: 'ada' });
  assert.deepEqual(AccessKeyMetadata.map(({ Status }) => Status).sort(), ['Active', 'Inactive']);
  await s.call('UpdateAccessKey', { UserName: 'ada', AccessKeyId, Status: 'Active' });
  assert.equal(s.keys.find(AccessKeyId)?.secretAccessKey, AccessKey?.SecretAccessKey);

  await s.call('DetachUserPolicy', { UserName: 'ada', PolicyArn: 'arn:aws:iam::aws:policy/AmazonSNSFullAccess' });
  await s.call('DeleteUserPolicy', { UserName: 'ada', PolicyName: 'p' });
  await assert.rejects(s.call('DeleteUser', { UserName: 'ada' }), {
    message: 'Cannot delete entity, must delete access keys first.',
  });
  for (const id of [AccessKeyId, own.accessKeyId]) {
    await s.call('DeleteAccessKey', { UserName: 'ada', AccessKeyId: id });
  }
  const absent = { code: 'NoSuchEntity', message: `The Access Key with id ${AccessKeyId} cannot be found.` };
  await assert.rejects(s.call('DeleteAccessKey', { UserName: 'ada', AccessKeyId }), absent);
  await s.call('DeleteUser', { UserName: 'ada' });
  assert.deepEqual((await s.call('ListUsers', {})).Users, []);
});

test('who names no user means themselves; a role’s session has to name one', async (t) => {
  const s = scene(t);
  await s.call('CreateUser', { UserName: 'ada', Path: '/x/' });
  const ada = { kind: 'user', accountId, arn: `arn:aws:iam::${accountId}:user/x/ada` } as const;
  assert.equal((await s.call('GetUser', {}, { principal: ada })).User?.UserName, 'ada');
  assert.equal((await s.call('CreateAccessKey', {}, { principal: ada })).AccessKey?.UserName, 'ada');
  const ofRoot = await s.call('CreateAccessKey', {});
  assert.equal(s.keys.find(ofRoot.AccessKey?.AccessKeyId ?? '')?.kind, 'root');
  assert.equal((await s.call('GetUser', {})).User?.Arn, root.arn);
  const session = { kind: 'role', accountId, arn: `arn:aws:sts::${accountId}:assumed-role/r/s` } as const;
  await assert.rejects(s.call('GetUser', {}, { principal: session }), { code: 'ValidationError' });
});

test('accounts do not see each other', async (t) => {
  const s = scene(t);
  const other = { accountId: '111122223333' };
  const { Policy } = await s.call('CreatePolicy', { PolicyName: 'p', PolicyDocument: document(allow('s3:*')) });
  await s.call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: lambdaTrust });
  await assert.rejects(s.call('GetRole', { RoleName: 'r' }, other), { code: 'NoSuchEntity' });
  assert.deepEqual((await s.call('ListRoles', {}, other)).Roles, []);
  await s.call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: lambdaTrust }, other);
  const attach = s.call('AttachRolePolicy', { RoleName: 'r', PolicyArn: Policy?.Arn }, other);
  await assert.rejects(attach, { code: 'NoSuchEntity' });
});
