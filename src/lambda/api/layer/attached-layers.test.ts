import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsError } from '../../model/expected-error.ts';
import { contextOf, create, createFixture, type Fixture, zip } from '../fixture.ts';

const arn = (name: string, version = 1) => `arn:aws:lambda:us-east-1:000000000000:layer:${name}:${version}`;
const invalid = (message: string | RegExp) => awsError(400, 'InvalidParameterValueException', message);

/** `a`, `b` and `c` with one version each, and another version of `a`. */
async function withThreeLayers(): Promise<Fixture> {
  const fixture = createFixture();
  for (const [LayerName, content] of Object.entries({ a: 'PK1', b: 'PK22', c: 'PK333' })) {
    await fixture.table.PublishLayerVersion.handle(
      { LayerName, Content: { ZipFile: Buffer.from(content) } },
      contextOf('PublishLayerVersion'),
    );
  }
  await fixture.table.PublishLayerVersion.handle(
    { LayerName: 'a', Content: { ZipFile: Buffer.from('PK4444') } },
    contextOf('PublishLayerVersion'),
  );
  return fixture;
}

async function update({ table, settle }: Fixture, Layers?: string[]) {
  const input = { FunctionName: 'hello', Layers, Timeout: 4 };
  const updated = await table.UpdateFunctionConfiguration.handle(input, contextOf('UpdateFunctionConfiguration'));
  await settle();
  return updated.Layers;
}

test('A function shows its layers in the order given, and keeps them until told otherwise', async () => {
  const fixture = await withThreeLayers();
  const made = await create(fixture, { Layers: [arn('b'), arn('a', 2)] });
  const shown = [
    { Arn: arn('b'), CodeSize: 4 },
    { Arn: arn('a', 2), CodeSize: 6 },
  ];
  assert.deepEqual(made.Layers, shown);
  await fixture.settle();
  assert.deepEqual(await update(fixture), shown);
  assert.deepEqual(await update(fixture, [arn('c')]), [{ Arn: arn('c'), CodeSize: 5 }]);
  assert.equal(await update(fixture, []), undefined);
});

test('A function keeps the package of a layer version that was deleted, and cannot take it anew', async () => {
  const fixture = await withThreeLayers();
  const { functions, table } = fixture;
  await create(fixture, { Layers: [arn('a'), arn('b')] });
  await fixture.settle();
  const key = { accountId: '000000000000', region: 'us-east-1', name: 'hello' };
  const needed = functions.get(key)?.latest.configuration.layers?.map(({ code }) => code.sha256) ?? [];
  await table.DeleteLayerVersion.handle({ LayerName: 'a', VersionNumber: 1 }, contextOf('DeleteLayerVersion'));
  assert.equal(needed.length, 2);
  for (const sha256 of needed) assert.ok(functions.referencedCode().has(sha256));
  assert.equal((await update(fixture))?.length, 2);
  await assert.rejects(update(fixture, [arn('a'), arn('b')]), invalid(`Layer version ${arn('a')} does not exist.`));
});

const refusals: [title: string, layers: string[], error: (error: unknown) => boolean][] = [
  ['one that is not there', [arn('a', 3)], invalid(`Layer version ${arn('a', 3)} does not exist.`)],
  ['six', [1, 2, 3, 4, 5, 6].map((each) => arn(`l${each}`)), invalid('Cannot reference more than 5 layers.')],
  [
    'two versions of one',
    [arn('a', 1), arn('b'), arn('a', 2)],
    invalid(
      `Two different versions of the same layer are not allowed to be referenced in the same function. ${arn('a', 1)} and ${arn('a', 2)} are versions of the same layer.`,
    ),
  ],
  [
    'one of another region',
    [arn('a').replace('us-east-1', 'eu-west-1')],
    invalid('Layers are not in the same region as the function. Layers are expected to be in region us-east-1.'),
  ],
  [
    'one of another account',
    [arn('a').replace('000000000000', '111111111111')],
    awsError(
      403,
      'AccessDeniedException',
      /not authorized to perform: lambda:GetLayerVersion on resource: .*:layer:a:1/,
    ),
  ],
];
for (const [title, Layers, error] of refusals) {
  test(`Layers of a function: ${title} is refused, at creation and later`, async () => {
    const fixture = await withThreeLayers();
    await assert.rejects(create(fixture, { Layers }), error);
    await create(fixture);
    await fixture.settle();
    await assert.rejects(update(fixture, Layers), error);
  });
}

test('Code and layers together may not be larger than AWS lets them be', async () => {
  const fixture = await withThreeLayers();
  fixture.code.unzippedSize = () => 131_072_000;
  const publish = async (LayerName: string) =>
    fixture.table.PublishLayerVersion.handle(
      { LayerName, Content: { ZipFile: zip } },
      contextOf('PublishLayerVersion'),
    );
  for (const name of ['x', 'y', 'z']) await publish(name);
  await create(fixture, { Layers: [arn('x')] });
  await fixture.settle();
  const tooMuch = invalid(
    'Function code combined with layers exceeds the maximum allowed size of 262144000 bytes. The actual size is 393216000 bytes.',
  );
  await assert.rejects(create(fixture, { FunctionName: 'other', Layers: [arn('x'), arn('y')] }), tooMuch);
  await assert.rejects(update(fixture, [arn('x'), arn('y')]), tooMuch);
  await assert.rejects(
    update(fixture, [arn('x'), arn('y'), arn('z')]),
    invalid('Layers consume more than the available size of 262144000 bytes'),
  );
  fixture.code.unzippedSize = () => 131_072_001;
  const larger = { FunctionName: 'hello', ZipFile: Buffer.from('PK larger') };
  await assert.rejects(
    async () => fixture.table.UpdateFunctionCode.handle(larger, contextOf('UpdateFunctionCode')),
    invalid(/The actual size is 262144001 bytes\.$/),
  );
});
