/** The AWS CLI of the operating system, with nothing but another endpoint. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { nodePackage } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

const cli = '/usr/bin/aws';
const run = promisify(execFile);
const env = {
  PATH: '/usr/bin:/bin',
  HOME: '/nonexistent',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_PAGER: '',
  // Or what it prints into a pipe stays in its buffer.
  PYTHONUNBUFFERED: '1',
};

describe('the AWS CLI', { skip: existsSync(cli) ? false : `${cli} is not installed (Debian package awscli)` }, () => {
  let server: Server;
  let folder: string;
  const aws = async (...args: string[]) => {
    const { stdout } = await run(cli, ['--endpoint-url', server.endpoint, ...args], { env, cwd: folder });
    return stdout;
  };
  const json = async (...args: string[]) => JSON.parse(await aws(...args, '--output', 'json'));
  before(async () => {
    server = await startServer();
    folder = mkdtempSync(join(tmpdir(), 'lambent-cli-'));
    writeFileSync(
      join(folder, 'f.zip'),
      nodePackage(`exports.handler = async (e) => { console.log('got', e.n); return e.n + 1; };`),
    );
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  test('creates, waits, invokes, shows the log, updates, deletes', async () => {
    const created = await json(
      ...['lambda', 'create-function', '--function-name', 'f', '--runtime', 'nodejs26.x', '--handler', 'index.handler'],
      ...['--role', 'arn:aws:iam::000000000000:role/r', '--zip-file', 'fileb://f.zip'],
    );
    assert.equal(created.State, 'Pending');
    await aws('lambda', 'wait', 'function-active-v2', '--function-name', 'f');
    const payload = ['--payload', '{"n":1}', '--cli-binary-format', 'raw-in-base64-out'];
    const invoked = await json(
      'lambda',
      'invoke',
      '--function-name',
      'f',
      ...payload,
      '--log-type',
      'Tail',
      'out.json',
    );
    assert.deepEqual([invoked.StatusCode, invoked.ExecutedVersion], [200, '$LATEST']);
    assert.equal(readFileSync(join(folder, 'out.json'), 'utf8'), '2');
    assert.match(Buffer.from(invoked.LogResult, 'base64').toString(), /got 1/);
    await aws('lambda', 'update-function-configuration', '--function-name', 'f', '--timeout', '7');
    await aws('lambda', 'wait', 'function-updated-v2', '--function-name', 'f');
    const { Timeout } = await json('lambda', 'get-function-configuration', '--function-name', 'f');
    assert.equal(Timeout, 7);
    const { logGroups } = await json('logs', 'describe-log-groups');
    assert.deepEqual(
      logGroups.map(({ logGroupName }: { logGroupName: string }) => logGroupName),
      ['/aws/lambda/f'],
    );
    assert.match(await aws('logs', 'tail', '/aws/lambda/f', '--format', 'short'), /got 1/);
    assert.equal((await json('sts', 'get-caller-identity')).Account, '000000000000');
    await aws('lambda', 'delete-function', '--function-name', 'f');
    await assert.rejects(aws('lambda', 'get-function', '--function-name', 'f'), /ResourceNotFoundException/);
  });

  test('publishes, waits, splits an alias, deletes a version', async () => {
    const named = ['--function-name', 'versioned'];
    await aws(
      ...['lambda', 'create-function', ...named, '--runtime', 'nodejs26.x', '--handler', 'index.handler', '--publish'],
      ...['--role', 'arn:aws:iam::000000000000:role/r', '--zip-file', 'fileb://f.zip'],
    );
    await aws('lambda', 'wait', 'function-exists', ...named);
    await aws('lambda', 'wait', 'published-version-active', ...named, '--qualifier', '1');
    await aws('lambda', 'update-function-configuration', ...named, '--timeout', '9');
    await aws('lambda', 'wait', 'function-updated-v2', ...named);
    const second = await json('lambda', 'publish-version', ...named, '--description', 'slower');
    assert.deepEqual([second.Version, second.Timeout, second.Description], ['2', 9, 'slower']);
    const split = ['--routing-config', 'AdditionalVersionWeights={2=0.5}'];
    const alias = await json('lambda', 'create-alias', ...named, '--name', 'live', '--function-version', '1', ...split);
    assert.deepEqual(alias.RoutingConfig, { AdditionalVersionWeights: { 2: 0.5 } });
    await assert.rejects(
      aws('lambda', 'delete-function', ...named, '--qualifier', '2'),
      /Unable to delete version because the following aliases reference it: \[live\]/,
    );
    await aws('lambda', 'update-alias', ...named, '--name', 'live', '--routing-config', 'AdditionalVersionWeights={}');
    await aws('lambda', 'delete-function', ...named, '--qualifier', '2');
    const { Versions } = await json('lambda', 'list-versions-by-function', ...named);
    assert.deepEqual(
      Versions.map(({ Version }: { Version: string }) => Version),
      ['$LATEST', '1'],
    );
  });

  test('follows a log while the function runs', { timeout: 60_000 }, async () => {
    await aws(
      ...['lambda', 'create-function', '--function-name', 'followed', '--runtime', 'nodejs26.x'],
      ...['--handler', 'index.handler', '--role', 'arn:aws:iam::000000000000:role/r', '--zip-file', 'fileb://f.zip'],
    );
    await aws('lambda', 'wait', 'function-active-v2', '--function-name', 'followed');
    const invoke = (n: number) =>
      aws(
        'lambda',
        'invoke',
        '--function-name',
        'followed',
        '--payload',
        `{"n":${n}}`,
        '--cli-binary-format',
        'raw-in-base64-out',
        'o',
      );
    await invoke(1);
    const args = ['--endpoint-url', server.endpoint, 'logs', 'tail', '/aws/lambda/followed', '--follow'];
    const tail = spawn(cli, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const lines = createInterface({ input: tail.stdout });
      const seen: string[] = [];
      lines.on('line', (line) => seen.push(line));
      const until = async (text: string) => {
        while (!seen.some((line) => line.includes(text))) await once(lines, 'line');
      };
      await until('got 1');
      await invoke(2);
      await until('got 2');
      assert.equal(seen.filter((line) => line.includes('got 1')).length, 1, 'no line twice');
    } finally {
      tail.kill('SIGKILL');
    }
  });
});
