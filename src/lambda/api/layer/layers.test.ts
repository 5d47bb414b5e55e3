import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PublishLayerVersionRequest } from '@aws-sdk/client-lambda';
import type { RequestContext } from '../../../aws/operation.ts';
import { awsError } from '../../model/expected-error.ts';
import { codeLinkPrefix } from '../code-link.ts';
import { contextOf, createFixture, zip } from '../fixture.ts';

const arn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:layer:${name}`;
const noResource = awsError(404, 'ResourceNotFoundException', 'The resource you requested does not exist.');

function opened() {
  const fixture = createFixture();
  const { table } = fixture;
  const context = (operation: string, more?: Partial<RequestContext>) => contextOf(operation, more);
  return {
    ...fixture,
    publish: async (LayerName: string, more: Partial<PublishLayerVersionRequest> = {}, at?: Partial<RequestContext>) =>
      table.PublishLayerVersion.handle(
        { LayerName, Content: { ZipFile: zip }, ...more },
        context('PublishLayerVersion', at),
      ),
    get: async (LayerName: string, VersionNumber: number, at?: Partial<RequestContext>) =>
      table.GetLayerVersion.handle({ LayerName, VersionNumber }, context('GetLayerVersion', at)),
    byArn: async (Arn: string) => table.GetLayerVersionByArn.handle({ Arn }, context('GetLayerVersionByArn')),
    remove: async (LayerName: string, VersionNumber: number, at?: Partial<RequestContext>) =>
      table.DeleteLayerVersion.handle({ LayerName, VersionNumber }, context('DeleteLayerVersion', at)),
    versions: async (LayerName: string, more = {}) =>
      table.ListLayerVersions.handle({ LayerName, ...more }, context('ListLayerVersions')),
    layers: async (more = {}) => table.ListLayers.handle(more, context('ListLayers')),
  };
}

test('PublishLayerVersion answers all of the version, with a link to its package', async () => {
  const { publish, get, byArn } = opened();
  const published = await publish('tools', {
    Description: 'of mine',
    CompatibleRuntimes: ['nodejs24.x', 'go1.x'],
    CompatibleArchitectures: ['arm64'],
    LicenseInfo: 'MIT',
  });
  const { Content, ...rest } = published;
  assert.deepEqual(rest, {
    LayerArn: arn('tools'),
    LayerVersionArn: `${arn('tools')}:1`,
    Version: 1,
    Description: 'of mine',
    CreatedDate: '2026-11-24T01:02:03.456+0000',
    CompatibleRuntimes: ['nodejs24.x', 'go1.x'],
    CompatibleArchitectures: ['arm64'],
    LicenseInfo: 'MIT',
  });
  assert.equal(Content?.CodeSize, zip.byteLength);
  assert.ok(Content?.Location?.includes(codeLinkPrefix));
  for (const same of [await get('tools', 1), await get(arn('tools'), 1), await byArn(`${arn('tools')}:1`)]) {
    assert.deepEqual(same, published);
  }
});

test('Version numbers rise from 1 and are never given again', async () => {
  const { publish, remove, versions } = opened();
  const numbers = await Promise.all(['a', 'a', 'a', 'b'].map(async (name) => (await publish(name)).Version));
  assert.deepEqual(numbers.sort(), [1, 1, 2, 3]);
  for (const version of [1, 2, 3]) await remove('a', version);
  assert.deepEqual((await versions('a')).LayerVersions, []);
  assert.equal((await publish('a')).Version, 4);
});

test('DeleteLayerVersion answers 204 for what never was, and lets packages go', async () => {
  const { publish, remove, get, counts } = opened();
  await remove('never', 7);
  await publish('a');
  await remove(arn('a'), 1);
  await assert.rejects(get('a', 1), noResource);
  assert.equal(counts.releases, 2);
});

test('ListLayerVersions gives the newest first, by pages, and those that fit', async () => {
  const { publish, versions } = opened();
  for (let i = 0; i < 12; i++) await publish('a', { CompatibleRuntimes: i % 2 ? ['python3.13'] : ['nodejs24.x'] });
  const numbers: (number | undefined)[] = [];
  let Marker: string | undefined;
  do {
    const page = await versions('a', { MaxItems: 5, Marker });
    numbers.push(...(page.LayerVersions ?? []).map(({ Version }) => Version));
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  assert.deepEqual(numbers, [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  const fitting = await versions('a', { CompatibleRuntime: 'python3.13', MaxItems: 2 });
  assert.deepEqual(
    fitting.LayerVersions?.map(({ Version }) => Version),
    [12, 10],
  );
  assert.deepEqual(await versions('never'), { LayerVersions: [], NextMarker: undefined });
});

test('ListLayers gives each layer once with its newest version that fits', async () => {
  const { publish, remove, layers } = opened();
  await publish('a', { CompatibleRuntimes: ['python3.13'], CompatibleArchitectures: ['x86_64'] });
  await publish('a', { CompatibleRuntimes: ['nodejs24.x'] });
  await publish('b', { CompatibleRuntimes: ['python3.13'], CompatibleArchitectures: ['arm64'] });
  await publish('empty');
  await remove('empty', 1);
  const listed = async (more = {}) =>
    ((await layers(more)).Layers ?? []).map((each) => [each.LayerName, each.LatestMatchingVersion?.Version]);
  assert.deepEqual(await listed(), [
    ['a', 2],
    ['b', 1],
  ]);
  assert.deepEqual(await listed({ CompatibleRuntime: 'python3.13' }), [
    ['a', 1],
    ['b', 1],
  ]);
  assert.deepEqual(await listed({ CompatibleRuntime: 'python3.13', CompatibleArchitecture: 'arm64' }), [['b', 1]]);
  const first = await layers({ MaxItems: 1 });
  assert.deepEqual(first.Layers?.[0]?.LayerArn, arn('a'));
  assert.deepEqual(await listed({ Marker: first.NextMarker }), [['b', 1]]);
});

test('Packages of layers count in the storage of the account', async () => {
  const { publish, functions } = opened();
  await publish('a');
  await publish('a');
  assert.equal(functions.usage({ accountId: '000000000000', region: 'us-east-1' }).codeBytes, 2 * zip.byteLength);
});

const denied = (operation: string, resource: string) =>
  awsError(
    403,
    'AccessDeniedException',
    `User: arn:aws:iam::000000000000:root is not authorized to perform: lambda:${operation} on resource: ${resource} because no resource-based policy allows the lambda:${operation} action`,
  );
const theirs = 'arn:aws:lambda:us-east-1:111111111111:layer:a';
const invalid = (message: string | RegExp) => awsError(400, 'InvalidParameterValueException', message);
type Ops = ReturnType<typeof opened>;
const refusals: [title: string, call: (ops: Ops) => Promise<unknown>, error: (error: unknown) => boolean][] = [
  ['version 0', ({ get }) => get('a', 0), invalid('Layer Version Cannot be less than 1')],
  ['deleting version -1', ({ remove }) => remove('a', -1), invalid('Layer Version Cannot be less than 1')],
  ['a version that is not there', ({ get }) => get('a', 9), noResource],
  ['an ARN that is not there', ({ byArn }) => byArn(`${arn('a')}:9`), noResource],
  ['a layer that AWS manages', ({ byArn }) => byArn('arn:aws:lambda:::awslayer:x'), noResource],
  ['another region', ({ get }) => get(arn('a').replace('us-east-1', 'eu-west-1'), 1), noResource],
  ['reading in another account', ({ get }) => get(theirs, 1), denied('GetLayerVersion', `${theirs}:1`)],
  ['publishing in another account', ({ publish }) => publish(theirs), denied('PublishLayerVersion', theirs)],
  ['deleting in another account', ({ remove }) => remove(theirs, 1), denied('DeleteLayerVersion', `${theirs}:1`)],
  ['listing another account', ({ versions }) => versions(theirs), denied('ListLayerVersions', theirs)],
  [
    'a broken package',
    ({ publish }) => publish('a', { Content: { ZipFile: Buffer.from('no') } }),
    invalid(/^Could not unzip uploaded file/),
  ],
  ['no package', ({ publish }) => publish('a', { Content: {} }), invalid(/provide a source/)],
];
for (const [title, call, error] of refusals) {
  test(`Layers: ${title} is refused`, async () => {
    const ops = opened();
    await ops.publish('a');
    await assert.rejects(call(ops), error);
  });
}
