import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openKeys } from '../store/keys/keys.ts';
import { lambent } from './testing/terminal.ts';

const root = mkdtempSync(join(tmpdir(), 'lambent-keys-'));
after(() => rmSync(root, { recursive: true }));

test('a new key can be evaluated by a shell, and its secret is shown this once', async () => {
  const data = join(root, 'one');
  const { code, stdout } = await lambent(['keys', 'create', '--data', data]);
  assert.equal(code, 0);
  const [, id = '', secret = ''] =
    /^export AWS_ACCESS_KEY_ID=(\S+)\nexport AWS_SECRET_ACCESS_KEY=(\S+)\n$/.exec(stdout) ?? [];
  const stored = openKeys(data);
  assert.equal(stored.find(id)?.secretAccessKey, secret);
  stored.close();
  const listed = await lambent(['keys', 'list'], { env: { LAMBENT_DATA: data } });
  assert.match(listed.stdout, new RegExp(`^${id} +\\d{4}-`, 'm'));
  assert.ok(!listed.stdout.includes(secret));
});

test('a key is deleted once', async () => {
  const data = join(root, 'two');
  const { stdout } = await lambent(['keys', 'create', '--json', '--data', data]);
  const id = JSON.parse(stdout).AccessKeyId;
  assert.equal((await lambent(['keys', 'delete', id, '--data', data])).code, 0);
  const again = await lambent(['keys', 'delete', id, '--data', data]);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /Cannot delete key AKIA\w+: there is none of that name/);
  assert.equal((await lambent(['keys', 'list', '--json', '--data', data])).stdout, '[]\n');
});

test('what cannot be done with keys is refused before the folder is touched', async () => {
  const data = join(root, 'three');
  for (const words of [['destroy'], ['delete'], ['create', 'AKIA'], []]) {
    assert.equal((await lambent(['keys', ...words, '--data', data])).code, 64, words.join(' '));
  }
  assert.equal(existsSync(data), false);
});
