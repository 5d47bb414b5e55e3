import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsError } from '../../model/expected-error.ts';
import { contextOf, create, createFixture, zip } from '../fixture.ts';

const publisher = (name: string) => `arn:aws:signer:us-east-1:000000000000:/signing-profiles/${name}/abcdefghij`;
const absent = 'arn:aws:lambda:us-east-1:000000000000:code-signing-config:csc-0123456789abcdefg';

function opened() {
  const fixture = createFixture();
  const { table } = fixture;
  return {
    ...fixture,
    config: async (policy?: 'Warn' | 'Enforce', more = {}) => {
      const input = {
        AllowedPublishers: { SigningProfileVersionArns: [publisher('p')] },
        ...(policy && { CodeSigningPolicies: { UntrustedArtifactOnDeployment: policy } }),
        ...more,
      };
      const made = await table.CreateCodeSigningConfig.handle(input, contextOf('CreateCodeSigningConfig'));
      return made.CodeSigningConfig?.CodeSigningConfigArn ?? '';
    },
    get: async (CodeSigningConfigArn: string) =>
      (await table.GetCodeSigningConfig.handle({ CodeSigningConfigArn }, contextOf('GetCodeSigningConfig')))
        .CodeSigningConfig,
    remove: async (CodeSigningConfigArn: string) =>
      table.DeleteCodeSigningConfig.handle({ CodeSigningConfigArn }, contextOf('DeleteCodeSigningConfig')),
    give: async (FunctionName: string, CodeSigningConfigArn: string) =>
      table.PutFunctionCodeSigningConfig.handle(
        { FunctionName, CodeSigningConfigArn },
        contextOf('PutFunctionCodeSigningConfig'),
      ),
    given: async (FunctionName: string) =>
      table.GetFunctionCodeSigningConfig.handle({ FunctionName }, contextOf('GetFunctionCodeSigningConfig')),
    takeAway: async (FunctionName: string) =>
      table.DeleteFunctionCodeSigningConfig.handle({ FunctionName }, contextOf('DeleteFunctionCodeSigningConfig')),
    users: async (CodeSigningConfigArn: string, more = {}) =>
      table.ListFunctionsByCodeSigningConfig.handle(
        { CodeSigningConfigArn, ...more },
        contextOf('ListFunctionsByCodeSigningConfig'),
      ),
  };
}

const noConfig = awsError(
  404,
  'ResourceNotFoundException',
  `The Lambda code signing configuration ${absent} can not be found.`,
);
const unsigned = (name: string) =>
  awsError(
    400,
    'CodeVerificationFailedException',
    `Lambda cannot deploy the function. The function or layer might be signed using a signature that the client is not configured to accept. Check the provided signature for ${name}.`,
  );

test('A configuration is made with defaults, changed member by member, listed and deleted', async () => {
  const { config, get, remove, table } = opened();
  const arn = await config(undefined, { Description: 'mine', Tags: { a: '1' } });
  assert.match(arn, /^arn:aws:lambda:us-east-1:000000000000:code-signing-config:csc-[a-z0-9]{17}$/);
  const made = await get(arn);
  assert.deepEqual(made, {
    CodeSigningConfigId: arn.slice(arn.lastIndexOf(':') + 1),
    CodeSigningConfigArn: arn,
    Description: 'mine',
    AllowedPublishers: { SigningProfileVersionArns: [publisher('p')] },
    CodeSigningPolicies: { UntrustedArtifactOnDeployment: 'Warn' },
    LastModified: '2026-11-24T01:02:03.456+0000',
  });
  const changes = { CodeSigningPolicies: { UntrustedArtifactOnDeployment: 'Enforce' } } as const;
  await table.UpdateCodeSigningConfig.handle(
    { CodeSigningConfigArn: arn, ...changes },
    contextOf('UpdateCodeSigningConfig'),
  );
  assert.deepEqual(await get(arn), { ...made, ...changes });
  const listed = async () =>
    (await table.ListCodeSigningConfigs.handle({}, contextOf('ListCodeSigningConfigs'))).CodeSigningConfigs?.map(
      (each) => each.CodeSigningConfigArn,
    );
  const other = await config();
  assert.deepEqual(await listed(), [arn, other].sort());
  await remove(arn);
  assert.deepEqual(await listed(), [other]);
});

test('A configuration has tags', async () => {
  const { config, table } = opened();
  const Resource = await config('Warn', { Tags: { a: '1', b: '2' } });
  await table.TagResource.handle({ Resource, Tags: { c: '3' } }, contextOf('TagResource'));
  await table.UntagResource.handle({ Resource, TagKeys: ['a'] }, contextOf('UntagResource'));
  const { Tags } = await table.ListTags.handle({ Resource }, contextOf('ListTags'));
  assert.deepEqual(Tags, { b: '2', c: '3' });
});

test('A function takes a configuration, keeps it from being deleted, and lets it go with itself', async () => {
  const fixture = opened();
  const { config, give, given, takeAway, users, remove, table } = fixture;
  const arn = await config();
  await create(fixture, { CodeSigningConfigArn: arn });
  await create(fixture, { FunctionName: 'plain' });
  assert.deepEqual(await given('hello'), { CodeSigningConfigArn: arn, FunctionName: 'hello' });
  assert.deepEqual(await given('plain'), { CodeSigningConfigArn: undefined, FunctionName: 'plain' });
  const answer = await give('plain', arn);
  assert.deepEqual(answer, { CodeSigningConfigArn: arn, FunctionName: 'plain' });
  const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:';
  const first = await users(arn, { MaxItems: 1 });
  assert.deepEqual(first.FunctionArns, [`${functionArn}hello`]);
  assert.deepEqual((await users(arn, { Marker: first.NextMarker })).FunctionArns, [`${functionArn}plain`]);
  await assert.rejects(remove(arn), awsError(409, 'ResourceConflictException', /a function uses it/));
  await takeAway('plain');
  await takeAway('plain');
  await table.DeleteFunction.handle({ FunctionName: 'hello' }, contextOf('DeleteFunction'));
  assert.deepEqual((await users(arn)).FunctionArns, []);
  await remove(arn);
});

test('Of a deletion and a function that takes the configuration at the same time only one comes through', async () => {
  const fixture = opened();
  const { config, give, given, get, remove } = fixture;
  const arn = await config();
  await create(fixture);
  const [taken, removed] = await Promise.allSettled([give('hello', arn), remove(arn)]);
  assert.notEqual(taken.status, removed.status);
  const has = (await given('hello')).CodeSigningConfigArn;
  assert.equal(has, taken.status === 'fulfilled' ? arn : undefined);
  if (removed.status === 'fulfilled') await assert.rejects(get(arn));
});

test('Enforce lets no unsigned package in: neither new code nor new layers; Warn lets all in', async () => {
  const fixture = opened();
  const { config, give, takeAway, settle, table } = fixture;
  const enforcing = await config('Enforce');
  const update = async (FunctionName: string) =>
    table.UpdateFunctionCode.handle({ FunctionName, ZipFile: Buffer.from('PK new') }, contextOf('UpdateFunctionCode'));
  await assert.rejects(create(fixture, { CodeSigningConfigArn: enforcing }), unsigned('hello'));
  assert.equal(fixture.functions.list({ accountId: '000000000000', region: 'us-east-1', limit: 9 }).length, 0);
  await create(fixture, { CodeSigningConfigArn: await config('Warn') });
  await settle();
  await update('hello');
  await settle();
  await give('hello', enforcing);
  await assert.rejects(update('hello'), unsigned('hello'));
  const input = { LayerName: 'l', Content: { ZipFile: zip } };
  const { LayerVersionArn = '' } = await table.PublishLayerVersion.handle(input, contextOf('PublishLayerVersion'));
  const configure = async (more: object) =>
    table.UpdateFunctionConfiguration.handle(
      { FunctionName: 'hello', ...more },
      contextOf('UpdateFunctionConfiguration'),
    );
  await assert.rejects(configure({ Layers: [LayerVersionArn] }), unsigned(LayerVersionArn));
  await configure({ Timeout: 5 });
  await settle();
  await takeAway('hello');
  await configure({ Layers: [LayerVersionArn] });
  await settle();
  await give('hello', enforcing);
  await configure({ Layers: [LayerVersionArn] });
});

const refusals: [
  title: string,
  call: (ops: ReturnType<typeof opened>) => Promise<unknown>,
  error: (e: unknown) => boolean,
][] = [
  ['reading one that is not there', ({ get }) => get(absent), noConfig],
  ['deleting one that is not there', ({ remove }) => remove(absent), noConfig],
  ['listing functions of one that is not there', ({ users }) => users(absent), noConfig],
  [
    'giving one that is not there',
    ({ give }) => give('hello', absent),
    awsError(
      404,
      'CodeSigningConfigNotFoundException',
      `The code signing configuration cannot be found. Check that the provided configuration is not deleted: ${absent}.`,
    ),
  ],
  [
    'one of another account',
    async ({ config, get }) => get((await config()).replace('000000000000', '111111111111')),
    awsError(404, 'ResourceNotFoundException', /111111111111.* can not be found\.$/),
  ],
  [
    'a function that is not there',
    ({ given }) => given('none'),
    awsError(404, 'ResourceNotFoundException', /^Function not found/),
  ],
  [
    'a version',
    ({ given }) => given('hello:1'),
    awsError(400, 'InvalidParameterValueException', /^This operation is permitted on Lambda functions only/),
  ],
];
for (const [title, call, error] of refusals) {
  test(`Code signing: ${title} is refused`, async () => {
    const ops = opened();
    await create(ops);
    await assert.rejects(call(ops), error);
  });
}
