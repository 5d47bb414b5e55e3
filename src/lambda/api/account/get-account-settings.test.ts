import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contextOf, create, createFixture, zip } from '../fixture.ts';

test('GetAccountSettings counts the functions and bytes of this account and region', async () => {
  const fixture = createFixture({ concurrentExecutions: 77 });
  await create(fixture);
  await create(fixture, { FunctionName: 'second' });
  const get = async (region: string) =>
    fixture.table.GetAccountSettings.handle({}, contextOf('GetAccountSettings', { region }));
  const AccountLimit = {
    TotalCodeSize: 80_530_636_800,
    CodeSizeUnzipped: 262_144_000,
    CodeSizeZipped: 52_428_800,
    ConcurrentExecutions: 77,
    UnreservedConcurrentExecutions: 77,
  };
  assert.deepEqual(await get('us-east-1'), {
    AccountLimit,
    AccountUsage: { TotalCodeSize: 2 * zip.byteLength, FunctionCount: 2 },
  });
  assert.deepEqual((await get('eu-west-1')).AccountUsage, { TotalCodeSize: 0, FunctionCount: 0 });
});
