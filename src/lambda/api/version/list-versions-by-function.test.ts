import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsError } from '../../model/expected-error.ts';
import { arnOf, contextOf, create, createFixture } from '../fixture.ts';

async function listed(versions: number) {
  const fixture = createFixture();
  await create(fixture);
  await fixture.settle();
  for (let number = 1; number <= versions; number++) {
    const input = { FunctionName: 'hello', Timeout: number };
    await fixture.table.UpdateFunctionConfiguration.handle(input, contextOf('UpdateFunctionConfiguration'));
    await fixture.settle();
    await fixture.table.PublishVersion.handle({ FunctionName: 'hello' }, contextOf('PublishVersion'));
  }
  return fixture;
}

test('ListVersionsByFunction starts with $LATEST and pages through the versions by number', async () => {
  const { table } = await listed(12);
  const seen: (string | undefined)[] = [];
  const sizes: number[] = [];
  let Marker: string | undefined;
  do {
    const input = { FunctionName: 'hello', MaxItems: 5, Marker };
    const page = await table.ListVersionsByFunction.handle(input, contextOf('ListVersionsByFunction'));
    seen.push(...(page.Versions ?? []).map(({ FunctionArn }) => FunctionArn));
    sizes.push(page.Versions?.length ?? 0);
    Marker = page.NextMarker;
  } while (Marker);
  assert.deepEqual(sizes, [5, 5, 3]);
  const qualifiers = ['$LATEST', ...Array.from({ length: 12 }, (_, index) => index + 1)];
  assert.deepEqual(
    seen,
    qualifiers.map((qualifier) => arnOf(`hello:${qualifier}`)),
  );
});

test('ListVersionsByFunction leaves the states out, and does not find what is not there', async () => {
  const { table } = await listed(1);
  const list = async (FunctionName: string) =>
    table.ListVersionsByFunction.handle({ FunctionName, MaxItems: 1 }, contextOf('ListVersionsByFunction'));
  const { Versions, NextMarker } = await list('hello');
  assert.equal(Versions?.[0]?.State, undefined);
  assert.ok(NextMarker);
  await assert.rejects(
    list('gone'),
    awsError(404, 'ResourceNotFoundException', `Function not found: ${arnOf('gone')}`),
  );
});

test('ListFunctions with ALL has every version of every function, in pages', async () => {
  const fixture = await listed(3);
  await create(fixture, { FunctionName: 'another' });
  await create(fixture, { FunctionName: 'hello-2', Publish: true });
  const seen: string[] = [];
  let Marker: string | undefined;
  do {
    const input = { FunctionVersion: 'ALL', MaxItems: 2, Marker } as const;
    const page = await fixture.table.ListFunctions.handle(input, contextOf('ListFunctions'));
    assert.ok((page.Functions?.length ?? 0) <= 2);
    seen.push(...(page.Functions ?? []).map((each) => `${each.FunctionName}:${each.Version}`));
    Marker = page.NextMarker;
  } while (Marker);
  assert.deepEqual(seen, [
    'another:$LATEST',
    'hello:$LATEST',
    'hello:1',
    'hello:2',
    'hello:3',
    'hello-2:$LATEST',
    'hello-2:1',
  ]);
});
