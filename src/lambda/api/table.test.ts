import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sdk from '@aws-sdk/client-lambda';
import { createFixture } from './fixture.ts';

/** What AWS's own client can send. */
const known = Object.keys(sdk)
  .filter((name) => /^[A-Z]\w*Command$/.test(name))
  .map((name) => name.slice(0, -'Command'.length))
  .sort();

test('the table has each operation of AWS, and no other', () => {
  const { table } = createFixture();
  assert.equal(known.length, 88);
  assert.deepEqual(Object.keys(table).sort(), known);
});

test('every row that does not work gives a reason', () => {
  const { table } = createFixture();
  for (const [name, row] of Object.entries(table)) {
    if ('unsupported' in row) assert.ok(row.unsupported.length > 10, `${name} has a reason`);
  }
});
