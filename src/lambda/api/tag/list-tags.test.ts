import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsError } from '../../model/expected-error.ts';
import { arnOf, contextOf, create, createFixture } from '../fixture.ts';

test('ListTags answers the tags, empty for none, 404 for no function', async () => {
  const fixture = createFixture();
  await create(fixture, { Tags: { a: '1' } });
  await create(fixture, { FunctionName: 'bare' });
  const list = async (name: string) => fixture.table.ListTags.handle({ Resource: arnOf(name) }, contextOf('ListTags'));
  assert.deepEqual(await list('hello'), { Tags: { a: '1' } });
  assert.deepEqual(await list('bare'), { Tags: {} });
  await assert.rejects(list('other'), awsError(404, 'ResourceNotFoundException', /^Function not found: /));
});
