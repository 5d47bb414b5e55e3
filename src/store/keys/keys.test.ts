import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openIn, temporaryFolder } from '../testing/folder.ts';
import { openKeys } from './keys.ts';

test('a key that another program creates or deletes is seen by the server: a new one at once, a deleted one within a second', async (t) => {
  const folder = temporaryFolder(t);
  const server = await openIn(folder);
  t.after(() => server.close());
  const other = openKeys(folder);
  t.after(() => other.close());
  const key = other.create({ accountId: '123456789012', description: 'build', createdAt: 5 });
  assert.match(key.accessKeyId, /^AKIA[A-Z2-7]{16}$/);
  assert.equal(key.secretAccessKey.length, 40);
  const found = server.keys.find(key.accessKeyId);
  assert.deepEqual(found, key);
  assert.equal(server.keys.find(key.accessKeyId), found);
  assert.equal(server.keys.find('AKIAAAAAAAAAAAAAAAAA'), undefined);
  assert.deepEqual(server.keys.list(), [
    { accessKeyId: key.accessKeyId, accountId: '123456789012', description: 'build', createdAt: 5 },
  ]);
  assert.deepEqual([other.delete(key.accessKeyId), other.delete(key.accessKeyId)], [true, false]);
  const giveUpAt = performance.now() + 1_000;
  while (server.keys.find(key.accessKeyId) !== undefined) {
    assert.ok(performance.now() < giveUpAt, 'the deleted key still counts');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});
