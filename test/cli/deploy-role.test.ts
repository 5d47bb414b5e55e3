/** `lambent deploy` where requests are signed and roles have to exist. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { GetRoleCommand, ListAttachedRolePoliciesCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { invoke, lambdaClient } from '../harness/client.ts';
import { createKey } from '../harness/keys.ts';
import { basic, type Credentials, iamClient } from '../harness/roles.ts';
import { startServer } from '../harness/server.ts';

const program = join(import.meta.dirname, '../../bin/lambent');

test('a function that names no role gets one that may write logs, in its own account', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-deploy-role-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const code = join(folder, 'greeting');
  mkdirSync(code);
  writeFileSync(join(code, 'index.mjs'), `export const handler = async () => 'hello';`);
  const dataDir = join(folder, 'data');
  const root = createKey(dataDir, '--account', '111122223333');
  const user = createKey(dataDir, '--account', '111122223333', '--user', 'ada');
  await using server = await startServer({ dataDir, flags: ['--auth', 'signed'] });
  const deploy = async ({ accessKeyId, secretAccessKey }: Credentials, ...flags: string[]) => {
    const words = ['deploy', code, '--runtime', 'nodejs26.x', '--endpoint', server.endpoint, ...flags];
    const env = { ...process.env, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
    return (await promisify(execFile)(program, words, { env })).stdout.trimEnd();
  };
  const none = 'arn:aws:iam::111122223333:role/nobody';
  await assert.rejects(deploy(root, '--role', none), /The role defined for the function cannot be assumed by Lambda/);
  const arn = 'arn:aws:lambda:us-east-1:111122223333:function:greeting';
  for (const _ of ['created', 'updated']) assert.equal(await deploy(root), arn);
  assert.equal(await deploy(root, '--name', 'another'), arn.replace('greeting', 'another'));
  const lambda = lambdaClient(server.endpoint, root);
  const { Role } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'greeting' }));
  assert.equal(Role, 'arn:aws:iam::111122223333:role/lambent');
  assert.equal((await invoke(lambda, 'greeting')).payload, 'hello');
  const iam = iamClient(server.endpoint, root);
  const named = { RoleName: 'lambent' };
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand(named));
  assert.deepEqual(
    AttachedPolicies.map(({ PolicyArn }) => PolicyArn),
    [basic],
  );
  assert.equal((await iam.send(new GetRoleCommand(named))).Role?.Arn, Role);
  await assert.rejects(deploy(user, '--name', 'third'), /is not authorized to perform/);
});
