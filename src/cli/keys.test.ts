import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccessKey, Keys } from './keys.ts';
import { lambent } from './testing/terminal.ts';

function ring(): { keys: Keys; folders: string[]; openKeys: (folder: string) => Promise<Keys> } {
  const all: AccessKey[] = [];
  const folders: string[] = [];
  const keys: Keys = {
    async create() {
      const key = { accessKeyId: `LKIA${all.length}`, createdAt: 0 };
      all.push(key);
      return { ...key, secretAccessKey: 'secret' };
    },
    list: async () => all,
    async delete(id) {
      const index = all.findIndex(({ accessKeyId }) => accessKeyId === id);
      return index !== -1 && all.splice(index, 1).length === 1;
    },
  };
  const openKeys = async (folder: string) => {
    folders.push(folder);
    return keys;
  };
  return { keys, folders, openKeys };
}

test('a new key can be evaluated by a shell, its secret shown nowhere else', async () => {
  const { openKeys, folders } = ring();
  const { code, stdout } = await lambent(['keys', 'create', '--data', '/data'], { openKeys });
  assert.deepEqual([code, stdout], [0, 'export AWS_ACCESS_KEY_ID=LKIA0\nexport AWS_SECRET_ACCESS_KEY=secret\n']);
  const listed = await lambent(['keys', 'list'], { openKeys, env: { LAMBENT_DATA: '/other' } });
  assert.match(listed.stdout, /^LKIA0 +1970-01-01T00:00:00.000Z$/m);
  assert.doesNotMatch(listed.stdout, /secret/);
  assert.deepEqual(folders, ['/data', '/other']);
});

test('a key is deleted once', async () => {
  const { openKeys } = ring();
  await lambent(['keys', 'create'], { openKeys });
  assert.equal((await lambent(['keys', 'delete', 'LKIA0'], { openKeys })).code, 0);
  const again = await lambent(['keys', 'delete', 'LKIA0'], { openKeys });
  assert.equal(again.code, 1);
  assert.match(again.stderr, /Cannot delete key LKIA0: there is none of that name/);
});

test('what cannot be done with keys is refused before the folder is touched', async () => {
  const { openKeys, folders } = ring();
  for (const words of [['destroy'], ['delete'], ['create', 'LKIA0'], []]) {
    assert.equal((await lambent(['keys', ...words], { openKeys })).code, 64, words.join(' '));
  }
  assert.deepEqual(folders, []);
});
