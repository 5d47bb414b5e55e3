import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openKeys } from '../store/keys/keys.ts';
import { lambent } from './testing/terminal.ts';

const root = mkdtempSync(join(tmpdir(), 'lambent-keys-'));
after(() => rmSync(root, { recursive: true }));

/** A file that allows to invoke. */
function allows(name: string): string {
  const path = join(root, name);
  const Statement = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '*' };
  writeFileSync(path, JSON.stringify({ Version: '2012-10-17', Statement }));
  return path;
}

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
  for (const words of [
    ...[['destroy'], ['delete'], ['update'], ['create', 'AKIA'], []],
    ...[
      ['create', '--policy', allows('x.json')],
      ['list', '--user', 'ada'],
      ['delete', 'AKIA', '--policy', 'x'],
    ],
    ...[
      ['create', '--user', 'a/b'],
      ['create', '--account', '12'],
    ],
  ]) {
    assert.equal((await lambent(['keys', ...words, '--data', data])).code, 64, words.join(' '));
  }
  assert.equal(existsSync(data), false);
});

test('the key of a user has an account and policies, which can be exchanged', async () => {
  const data = join(root, 'four');
  const policy = allows('invoke.json');
  const made = await lambent([
    ...['keys', 'create', '--user', 'ci', '--account', '111122223333', '--policy', policy, '--policy', policy],
    ...['--json', '--data', data],
  ]);
  const id = JSON.parse(made.stdout).AccessKeyId;
  const listed = async () => JSON.parse((await lambent(['keys', 'list', '--json', '--data', data])).stdout);
  const [shown] = await listed();
  assert.equal(shown.Arn, 'arn:aws:iam::111122223333:user/ci');
  assert.equal(shown.Policies.length, 2);
  assert.equal(shown.Policies[0].Statement.Action, 'lambda:InvokeFunction');
  assert.equal((await lambent(['keys', 'update', id, '--policy', policy, '--data', data])).code, 0);
  assert.equal((await listed())[0].Policies.length, 1);
  assert.match((await lambent(['keys', 'list', '--data', data])).stdout, /user\/ci +1$/m);
  await lambent(['keys', 'create', '--data', data]);
  const rootKey = (await listed()).find(({ Arn }: { Arn: string }) => Arn.endsWith(':root'));
  assert.equal((await lambent(['keys', 'update', rootKey.AccessKeyId, '--data', data])).code, 1);
});

test('a policy that is none is refused with the reason, and no key is made', async () => {
  const data = join(root, 'five');
  const path = join(root, 'broken.json');
  writeFileSync(path, '{"Statement":{"Effect":"Allow","Action":"lambda:*","Resource":"f"}}');
  const { code, stderr } = await lambent(['keys', 'create', '--user', 'ci', '--policy', path, '--data', data]);
  assert.equal(code, 65);
  assert.match(stderr, /Cannot use the policy .*broken\.json: Resource f must be in ARN format or "\*"/);
  assert.equal(existsSync(data), false);
  const missing = await lambent(['keys', 'create', '--user', 'ci', '--policy', join(root, 'none'), '--data', data]);
  assert.match(missing.stderr, /Cannot read the policy .*none: ENOENT/);
});

test('a user without a policy is said to have none', async () => {
  const { code, stderr } = await lambent(['keys', 'create', '--user', 'ada', '--data', join(root, 'six')]);
  assert.equal(code, 0);
  assert.match(stderr, /user\/ada has no policy: it may do only what functions' own policies allow/);
});
