import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arnOf, contextOf, create, createFixture } from '../fixture.ts';

test('UntagResource removes tags, and takes unknown keys without a change', async () => {
  const fixture = createFixture();
  const key = { accountId: '000000000000', region: 'us-east-1', name: 'hello' };
  await create(fixture, { Tags: { a: '1', b: '2' } });
  await fixture.settle();
  const untag = async (...TagKeys: string[]) =>
    fixture.table.UntagResource.handle({ Resource: arnOf('hello'), TagKeys }, contextOf('UntagResource'));
  await untag('a', 'z');
  const after = fixture.functions.get(key);
  assert.deepEqual(after?.tags, { b: '2' });
  await untag('z');
  assert.deepEqual(fixture.functions.get(key), after);
});
