import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
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
    {
      accessKeyId: key.accessKeyId,
      accountId: '123456789012',
      principalArn: 'arn:aws:iam::123456789012:root',
      policies: [],
      description: 'build',
      createdAt: 5,
      active: true,
    },
  ]);
  assert.deepEqual([other.delete(key.accessKeyId), other.delete(key.accessKeyId)], [true, false]);
  const giveUpAt = performance.now() + 1_000;
  while (server.keys.find(key.accessKeyId) !== undefined) {
    assert.ok(performance.now() < giveUpAt, 'the deleted key still counts');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

test('the policies of a user’s key can be exchanged, and those of a root cannot be', (t) => {
  const folder = temporaryFolder(t);
  const keys = openKeys(folder);
  t.after(() => keys.close());
  const ada = keys.create({ accountId: '123456789012', user: 'ada', policies: ['{"a":1}'], createdAt: 5 });
  assert.deepEqual([ada.principalArn, ada.kind], ['arn:aws:iam::123456789012:user/ada', 'user']);
  assert.deepEqual(keys.find(ada.accessKeyId), ada);
  assert.equal(keys.setPolicies(ada.accessKeyId, []), true);
  assert.deepEqual(keys.find(ada.accessKeyId)?.policies, []);
  const root = keys.create({ accountId: '123456789012', createdAt: 6 });
  assert.equal(keys.setPolicies(root.accessKeyId, ['{}']), false);
});

test('keys that an earlier release wrote are still there', (t) => {
  const folder = temporaryFolder(t);
  const old = new DatabaseSync(join(folder, 'keys.db'));
  old.exec(`CREATE TABLE access_key (id TEXT PRIMARY KEY, secret TEXT NOT NULL, account TEXT NOT NULL,
    principal TEXT NOT NULL, kind TEXT NOT NULL, description TEXT NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO access_key VALUES ('AKIAOLD', 's', '000000000000', 'arn:aws:iam::000000000000:root', 'root', '', 1);
    PRAGMA user_version = 1`);
  old.close();
  const keys = openKeys(folder);
  t.after(() => keys.close());
  assert.deepEqual(keys.find('AKIAOLD')?.policies, []);
});

test('users that an earlier release knew by their keys alone are users from then on', (t) => {
  const folder = temporaryFolder(t);
  const old = new DatabaseSync(join(folder, 'keys.db'));
  old.exec(`CREATE TABLE access_key (id TEXT PRIMARY KEY, secret TEXT NOT NULL, account TEXT NOT NULL,
    principal TEXT NOT NULL, kind TEXT NOT NULL, description TEXT NOT NULL, created INTEGER NOT NULL,
    policies TEXT NOT NULL DEFAULT '[]') WITHOUT ROWID;
    INSERT INTO access_key VALUES
      ('AKIA1', 's', '111122223333', 'arn:aws:iam::111122223333:user/Ada', 'user', '', 1, '["{}"]'),
      ('AKIA2', 's', '111122223333', 'arn:aws:iam::111122223333:user/Ada', 'user', '', 2, '[]'),
      ('AKIA3', 's', '111122223333', 'arn:aws:iam::111122223333:user/bob', 'user', '', 3, '[]');
    PRAGMA user_version = 2`);
  old.close();
  const keys = openKeys(folder);
  t.after(() => keys.close());
  const users = keys.records.all('user', '111122223333');
  assert.deepEqual(
    users.map(({ name, path, createdAt, inline, attached }) => ({ name, path, createdAt, inline, attached })),
    [
      { name: 'Ada', path: '/', createdAt: 1, inline: {}, attached: [] },
      { name: 'bob', path: '/', createdAt: 3, inline: {}, attached: [] },
    ],
  );
  const [ada] = users;
  assert.match(ada?.id ?? '', /^AIDA[0-9A-F]{17}$/);
  assert.ok(ada);
  keys.records.put('user', '111122223333', { ...ada, inline: { own: '{"a":1}' } });
  assert.deepEqual(keys.find('AKIA1')?.policies, ['{}', '{"a":1}']);
  assert.deepEqual(keys.find('AKIA2')?.policies, ['{"a":1}']);
  assert.deepEqual(keys.find('AKIA3')?.policies, []);
  assert.equal(keys.formerRoles(), true);
  keys.formerRolesKept();
  assert.equal(keys.formerRoles(), false);
  const fresh = openKeys(temporaryFolder(t));
  t.after(() => fresh.close());
  fresh.create({ accountId: '111122223333', createdAt: 1 });
  assert.equal(fresh.formerRoles(), false);
});
