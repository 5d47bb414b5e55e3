import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ListFunctionsRequest } from '@aws-sdk/client-lambda';
import { awsError } from '../../model/expected-error.ts';
import { arnOf, contextOf, create, createFixture } from '../fixture.ts';

async function listed(count: number) {
  const fixture = createFixture();
  for (let index = 0; index < count; index++) {
    await create(fixture, { FunctionName: `f${String(index).padStart(3, '0')}` });
  }
  return async (input: ListFunctionsRequest) => fixture.table.ListFunctions.handle(input, contextOf('ListFunctions'));
}

test('ListFunctions pages through all functions in order, 50 a page at most', async () => {
  const list = await listed(120);
  const names: (string | undefined)[] = [];
  const sizes: number[] = [];
  let Marker: string | undefined;
  do {
    const page = await list({ Marker, MaxItems: 1000 });
    names.push(...(page.Functions ?? []).map((each) => each.FunctionName));
    sizes.push(page.Functions?.length ?? 0);
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  assert.deepEqual(sizes, [50, 50, 20]);
  assert.deepEqual(names, [...names].sort());
  assert.equal(new Set(names).size, 120);
});

test('ListFunctions has no NextMarker when the last page is full', async () => {
  const list = await listed(2);
  assert.equal((await list({ MaxItems: 2 })).NextMarker, undefined);
  assert.notEqual((await list({ MaxItems: 1 })).NextMarker, undefined);
});

test('ListFunctions leaves the states out', async () => {
  const list = await listed(1);
  const [only] = (await list({})).Functions ?? [];
  assert.equal(only?.FunctionName, 'f000');
  assert.deepEqual(
    Object.keys(only).filter((key) => /^(State|LastUpdateStatus)/.test(key)),
    [],
  );
});

test('ListFunctions with ALL qualifies the ARNs', async () => {
  const list = await listed(1);
  const [only] = (await list({ FunctionVersion: 'ALL' })).Functions ?? [];
  assert.equal(only?.FunctionArn, arnOf('f000:$LATEST'));
});

test('ListFunctions refuses a marker that it did not give', async () => {
  const list = await listed(0);
  await assert.rejects(list({ Marker: 'nonsense' }), awsError(400, 'InvalidParameterValueException', /marker/));
});

test('ListFunctions with a master region finds no replicas, and needs ALL', async () => {
  const list = await listed(1);
  assert.deepEqual((await list({ MasterRegion: 'us-east-1', FunctionVersion: 'ALL' })).Functions, []);
  await assert.rejects(list({ MasterRegion: 'us-east-1' }), awsError(400, 'InvalidParameterValueException', /ALL/));
});
