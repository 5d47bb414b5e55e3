/** `lambent deploy --url`: from a folder to an address in one command. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { startServer } from '../harness/server.ts';

const program = join(import.meta.dirname, '../../bin/lambent');

test('a folder has an address after one command, and keeps it', async (t) => {
  const folder = join(mkdtempSync(join(tmpdir(), 'lambent-url-')), 'greeting');
  t.after(() => rmSync(join(folder, '..'), { recursive: true }));
  mkdirSync(folder);
  writeFileSync(join(folder, 'index.mjs'), `export const handler = async ({ rawPath }) => 'hello ' + rawPath;`);
  await using server = await startServer();
  const deploy = async (...flags: string[]) => {
    const words = ['deploy', folder, '--runtime', 'nodejs26.x', '--endpoint', server.endpoint, ...flags];
    return (await promisify(execFile)(program, words)).stdout.trimEnd().split('\n');
  };
  assert.equal((await deploy()).length, 1);
  const [arn, url = ''] = await deploy('--url');
  assert.equal(arn, 'arn:aws:lambda:us-east-1:000000000000:function:greeting');
  assert.deepEqual(await deploy('--url'), [arn, url]);
  assert.deepEqual(await deploy(), [arn, url]);
  const id = new URL(url).host.split('.')[0];
  const answer = await fetch(`${server.endpoint}/_lambent/url/${id}/there`);
  assert.deepEqual([answer.status, await answer.text()], [200, 'hello /there']);
});
