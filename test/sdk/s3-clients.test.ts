/** The AWS CLI and boto3 with S3, against the server as it is shipped: in the open mode and in the signed one. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { startServer } from '../harness/server.ts';

const run = promisify(execFile);
const program = join(import.meta.dirname, '../../bin/lambent');
const cli = '/usr/bin/aws';
const python = ['/usr/bin/python3', 'python3'].find((each) => {
  try {
    execFileSync(each, ['-c', 'import boto3'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

interface Started extends AsyncDisposable {
  readonly endpoint: string;
  readonly keyId: string;
  readonly secret: string;
}

async function started(auth: 'open' | 'signed'): Promise<Started> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lambent-s3-clients-'));
  const [, keyId = 'test', secret = 'test'] =
    auth === 'open' ? [] : keyIn((await run(program, ['keys', 'create', '--data', dataDir])).stdout);
  const server = await startServer({ dataDir, flags: ['--auth', auth] });
  return {
    ...{ endpoint: server.endpoint, keyId, secret },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function keyIn(said: string): string[] {
  return /(AKIA\w+)[\s\S]*?([A-Za-z0-9/+]{40})/.exec(said) ?? [];
}

for (const auth of ['open', 'signed'] as const) {
  test(`boto3, ${auth}`, { skip: python === undefined ? 'boto3 is not installed' : false }, async () => {
    await using server = await started(auth);
    const script = join(import.meta.dirname, 's3_boto3_test.py');
    const args = [script, server.endpoint, server.keyId, server.secret];
    const { stdout } = await run(python ?? '', args, { timeout: 60_000 });
    assert.match(stdout, /found everything as it expects it/);
  });

  test(`aws s3, ${auth}`, { skip: existsSync(cli) ? false : `${cli} is not installed` }, async () => {
    await using server = await started(auth);
    const folder = mkdtempSync(join(tmpdir(), 'lambent-s3-cli-'));
    const env = {
      ...{ PATH: '/usr/bin:/bin', HOME: '/nonexistent', AWS_DEFAULT_REGION: 'us-east-1', AWS_PAGER: '' },
      ...{ AWS_ACCESS_KEY_ID: server.keyId, AWS_SECRET_ACCESS_KEY: server.secret },
      LC_ALL: 'C.UTF-8',
    };
    const s3 = async (...args: string[]) =>
      (await run(cli, ['--endpoint-url', server.endpoint, 's3', ...args], { env, cwd: folder })).stdout;
    try {
      mkdirSync(join(folder, 'from/sub'), { recursive: true });
      const big = randomBytes(9_000_000);
      writeFileSync(join(folder, 'from/big'), big);
      writeFileSync(join(folder, 'from/sub/ü +.txt'), 'small');
      await s3('mb', 's3://cli-bucket');
      await s3('sync', 'from', 's3://cli-bucket/x', '--only-show-errors');
      if (auth === 'open') {
        // A start of the CLI takes a second; what signatures make no difference to is tried once.
        assert.equal(await s3('sync', 'from', 's3://cli-bucket/x'), '', 'nothing is left to do');
        assert.match(await s3('ls', 's3://cli-bucket/x/'), /PRE sub\/[\s\S]* 9000000 big/);
        await s3('mv', 's3://cli-bucket/x/big', 's3://cli-bucket/y', '--only-show-errors');
      } else await s3('cp', 's3://cli-bucket/x/big', 's3://cli-bucket/y', '--only-show-errors');
      await s3('cp', 's3://cli-bucket/y', 'back', '--only-show-errors');
      assert.ok(readFileSync(join(folder, 'back')).equals(big));
      const link = (await s3('presign', 's3://cli-bucket/x/sub/ü +.txt')).trim();
      assert.equal(await (await fetch(link)).text(), 'small');
      await s3('rb', 's3://cli-bucket', '--force');
      if (auth === 'open') assert.equal(await s3('ls'), '');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
