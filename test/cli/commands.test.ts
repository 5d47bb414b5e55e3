/** The built program as a person uses it: one server process, every command against it. Needs `npm run build`. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Children, type Outcome } from '../../examples/demo-children.ts';

const root = join(import.meta.dirname, '..', '..');
const program = join(root, 'bin', 'lambent');
const handler = `
export async function handler(event, context) {
  console.log('called as', context.functionName, process.env.GREETING);
  if (event.fail) throw new RangeError('as asked');
  return { hello: event.name };
}
`;

const children = new Children();
let folder = '';
let url = '';

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lambent-cli-'));
  mkdirSync(join(folder, 'hello'));
  writeFileSync(join(folder, 'hello', 'index.mjs'), handler);
  url = await serve();
});

after(async () => {
  await children.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('deploy makes a function, and says its ARN alone on standard output', async () => {
  const { code, stdout, stderr } = await deploy('--env', 'GREETING=ahoy');
  assert.equal(code, 0, stderr);
  assert.equal(stdout, 'arn:aws:lambda:us-east-1:000000000000:function:hello\n');
});

test('invoke shows the answer and the log', async () => {
  const { code, stdout, stderr } = await lambent('invoke', 'hello', '--payload', '{"name":"Ada"}');
  assert.deepEqual([code, stdout], [0, '{"hello":"Ada"}'], stderr);
  assert.match(stderr, /START RequestId: [\s\S]*called as hello ahoy[\s\S]*REPORT RequestId: /);
});

test('a function that fails is told by code 2', async () => {
  const { code, stdout, stderr } = await lambent('invoke', 'hello', '--payload', '{"fail":true}');
  assert.equal(code, 2, stderr);
  assert.equal(JSON.parse(stdout).errorType, 'RangeError');
});

test('an event is accepted and run later', async () => {
  const { code, stderr } = await lambent('invoke', 'hello', '--event', '--payload', '{"name":"later"}');
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^Accepted: [0-9a-f-]{36}$/m);
});

test('a second deploy changes the code, and leaves the rest', async () => {
  writeFileSync(join(folder, 'hello', 'index.mjs'), handler.replace('hello:', 'changed:'));
  assert.equal((await deploy()).code, 0);
  const { stdout, stderr } = await lambent('invoke', 'hello', '--payload', '{"name":"Ada"}');
  assert.equal(stdout, '{"changed":"Ada"}', stderr);
  assert.match(stderr, /called as hello ahoy/);
});

test('versions are published, and an alias leads to them', async () => {
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:hello';
  const first = await lambent('versions', 'hello', '--publish');
  assert.deepEqual([first.code, first.stdout], [0, `${arn}:1\n`], first.stderr);
  writeFileSync(join(folder, 'hello', 'index.mjs'), handler.replace('hello:', 'second:'));
  const deployed = await deploy('--alias', 'live');
  assert.deepEqual([deployed.code, deployed.stdout], [0, `${arn}:live\n`], deployed.stderr);
  const ask = async (...more: string[]) => (await lambent('invoke', 'hello', '-p', '{"name":1}', ...more)).stdout;
  assert.equal(await ask('--qualifier', 'live'), '{"second":1}');
  assert.equal(await ask('--qualifier', '1'), '{"changed":1}');
  const set = await lambent('aliases', 'hello', 'set', 'live', '2', '1=100%');
  assert.deepEqual([set.code, set.stdout], [0, `${arn}:live 2 0%, 1 100%\n`], set.stderr);
  assert.equal(await ask('--qualifier', 'live'), '{"changed":1}');
  assert.match((await lambent('versions', 'hello')).stdout, /^1 +live +\d+ B/m);
  assert.match((await lambent('logs', 'hello', '--version', '1')).stdout, /START RequestId: \S+ Version: 1/);
  assert.doesNotMatch((await lambent('logs', 'hello', '--version', '1')).stdout, /Version: (2|\$LATEST)/);
  const kept = await lambent('versions', 'hello', '--delete', '1');
  assert.equal(kept.code, 1);
  assert.match(kept.stderr, /following aliases reference it: \[live\]/);
  assert.equal((await lambent('aliases', 'hello', 'delete', 'live')).code, 0);
  assert.equal((await lambent('versions', 'hello', '--delete', '1')).code, 0);
});

test('functions, logs, usage and status show what happened', async () => {
  assert.match((await lambent('functions')).stdout, /^hello +nodejs26\.x +index\.handler +128 MB +3 s/m);
  const { stdout } = await lambent('logs', 'hello', '--since', '1h');
  assert.match(stdout, /^\d{4}-\d\d-\d\dT\S+Z .*called as hello ahoy/m);
  assert.match((await lambent('usage')).stdout, /^hello +\d+ +\d+ ms +0\.\d+ +\d+ ms$/m);
  assert.equal((await lambent('usage', '--month', '2020-01')).stdout, 'Nothing ran in these days\n');
  assert.equal((await lambent('status')).code, 0);
});

test('usage takes no day that is in no month, and no end before its beginning', async () => {
  const wrong = [
    ['--from', '2026-02-30'],
    ['--from', '2026-12-01', '--to', '2026-11-30'],
  ];
  for (const flags of wrong) {
    const { code, stderr } = await lambent('usage', ...flags);
    assert.equal(code, 64);
    assert.match(stderr, /Cannot use --from/);
  }
});

test('a function that is not there is an AWS error', async () => {
  const { code, stderr } = await lambent('invoke', 'nobody');
  assert.equal(code, 1);
  assert.match(stderr, /ResourceNotFoundException: Function not found/);
});

test('a second server gets neither the folder nor the port', async () => {
  const sameFolder = await lambent('up', '--port', '0', '--data', join(folder, 'data'));
  assert.equal(sameFolder.code, 75, sameFolder.stderr);
  assert.match(sameFolder.stderr, /\[data-locked\]/);
  const samePort = await lambent('up', '--port', new URL(url).port, '--data', join(folder, 'other'));
  assert.equal(samePort.code, 76, samePort.stderr);
});

test('after a stop and a start everything is still there, for those who have a key', async () => {
  await children.stop();
  const made = await lambent('keys', 'create', '--json', '--data', join(folder, 'data'));
  const key = JSON.parse(made.stdout);
  url = await serve('--auth', 'signed');
  const refused = await lambent('functions');
  assert.equal(refused.code, 1, refused.stderr);
  assert.match(refused.stderr, /UnrecognizedClientException|InvalidClientTokenId/);
  const { code, stdout, stderr } = await run(['functions', '--endpoint', url], {
    AWS_ACCESS_KEY_ID: key.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: key.SecretAccessKey,
  });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^hello /m);
});

function serve(...more: string[]): Promise<string> {
  const args = ['up', '--port', '0', '--data', join(folder, 'data'), ...more];
  return children.serve(program, args, { cwd: folder, env: environment(), logFile: join(folder, 'log') });
}

function deploy(...more: string[]): Promise<Outcome> {
  return lambent('deploy', join(folder, 'hello'), '--runtime', 'nodejs26.x', ...more);
}

function lambent(...args: string[]): Promise<Outcome> {
  return run(['up', 'keys'].includes(args[0] ?? '') ? args : [...args, '--endpoint', url]);
}

function run(args: string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  return children.run(program, args, { cwd: folder, env: { ...environment(), ...env } });
}

/** Without what the person who runs the tests has set for their own AWS account. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(AWS|LAMBENT)_/.test(key)));
}
