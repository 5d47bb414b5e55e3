/** A folder of this machine in the place of an EFS access point, as functions find it. */
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createFunction, invoke, lambdaClient } from '../harness/client.ts';
import { nodePackage } from '../harness/packages.ts';
import { startServer } from '../harness/server.ts';

const arn = (end: string) =>
  `arn:aws:elasticfilesystem:us-east-1:000000000000:access-point/fsap-0123456789abcdef${end}`;
const source = nodePackage(`
  const { appendFileSync, existsSync, readFileSync } = require('node:fs');
  exports.handler = async ({ line }) => {
    if (!existsSync('/mnt/data')) return 'nothing there';
    appendFileSync('/mnt/data/lines', line);
    return readFileSync('/mnt/data/lines', 'utf8');
  };`);

test('two functions share what stands for their access point; without a folder a function runs without', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-efs-'));
  chmodSync(folder, 0o777);
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  await using server = await startServer({ flags: ['--file-systems', `${arn('0')}=${folder}`] });
  const sandbox = Object(await (await fetch(`${server.endpoint}/_lambent/health`)).json()).sandbox;
  if (sandbox !== 'namespace') return t.skip('functions have no mounts of their own in this sandbox');
  const client = lambdaClient(server.endpoint);
  const VpcConfig = { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] };
  const make = (name: string, end: string) => {
    const FileSystemConfigs = [{ Arn: arn(end), LocalMountPath: '/mnt/data' }];
    return createFunction(client, { name, zip: source, VpcConfig, FileSystemConfigs });
  };
  await Promise.all([make('one', '0'), make('two', '0'), make('none', '1')]);
  assert.equal((await invoke(client, 'one', { line: 'a' })).payload, 'a');
  assert.equal((await invoke(client, 'two', { line: 'b' })).payload, 'ab');
  assert.equal((await invoke(client, 'none')).payload, 'nothing there');
  assert.equal(readFileSync(join(folder, 'lines'), 'utf8'), 'ab');
  assert.match(server.log(), /runs without its file system.*no folder stands for it/);
});
