/** Users with narrow policies, and functions open to others, against the signed server as it is started by its users. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  AddPermissionCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  GetResourcePolicyCommand,
  ListFunctionsCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { createFunction, invoke, lambdaClient } from '../harness/client.ts';
import { nodePackage } from '../harness/packages.ts';
import { boto3Python } from '../harness/python.ts';
import { createRole, iamClient } from '../harness/roles.ts';
import { type Server, startServer } from '../harness/server.ts';

const program = join(import.meta.dirname, '../../bin/lambent');
const folder = mkdtempSync(join(tmpdir(), 'lambent-permissions-'));
const data = join(folder, 'data');
const arn = 'arn:aws:lambda:us-east-1:000000000000:function:guarded';

interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

function lambent(...words: string[]): string {
  return execFileSync(program, ['keys', ...words, '--data', data], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function key(...words: string[]): Key {
  const { AccessKeyId, SecretAccessKey } = JSON.parse(lambent('create', '--json', ...words));
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
}

function policy(name: string, ...Statement: object[]): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ Version: '2012-10-17', Statement }));
  return path;
}

const allow = (Action: string | string[], Resource: string) => ({ Effect: 'Allow', Action, Resource });

let server: Server;
let root: Key;
before(async () => {
  root = key();
  server = await startServer({ dataDir: data, flags: ['--auth', 'signed'] });
  await createRole(iamClient(server.endpoint, root));
  await createFunction(lambdaClient(server.endpoint, root), {
    name: 'guarded',
    zip: nodePackage('exports.handler = async (event) => event;'),
  });
});
after(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

test('a user’s key may do what its policies allow, and learns of others at once', async () => {
  const invoker = policy('invoke.json', allow('lambda:InvokeFunction', arn));
  const ada = key('--user', 'ada', '--policy', invoker);
  const client = lambdaClient(server.endpoint, ada);
  assert.deepEqual((await invoke(client, 'guarded', { a: 1 })).payload, { a: 1 });
  await assert.rejects(client.send(new GetFunctionCommand({ FunctionName: 'guarded' })), {
    name: 'AccessDeniedException',
    message: `User: arn:aws:iam::000000000000:user/ada is not authorized to perform: lambda:GetFunction on resource: ${arn} because no identity-based policy allows the lambda:GetFunction action`,
  });
  const refused = { name: 'AccessDeniedException' };
  await assert.rejects(client.send(new ListFunctionsCommand({})), refused);
  await assert.rejects(client.send(new DeleteFunctionCommand({ FunctionName: 'guarded' })), refused);
  await assert.rejects(invoke(client, 'guarded:prod'), refused);
  const logs = new CloudWatchLogsClient({ endpoint: server.endpoint, region: 'us-east-1', credentials: ada });
  await assert.rejects(logs.send(new DescribeLogGroupsCommand({})), refused);

  lambent('update', ada.accessKeyId, '--policy', policy('read.json', allow(['lambda:List*', 'logs:*'], '*')));
  await until(async () => (await client.send(new ListFunctionsCommand({}))).Functions?.length === 1);
  await logs.send(new DescribeLogGroupsCommand({}));
  await assert.rejects(invoke(client, 'guarded'), refused);
});

test('a function does not read the ledger, from whichever address of its own it asks', async (t) => {
  const client = lambdaClient(server.endpoint, root);
  const asking = nodePackage(`const { get } = require('node:http');
    const url = process.env.AWS_ENDPOINT_URL;
    exports.handler = () => new Promise((resolve, reject) => {
      get(url + '/_lambent/usage', { localAddress: '127.0.0.1' }, (answer) => {
        answer.resume();
        resolve({ inside: !url.includes('127.0.0.1'), status: answer.statusCode });
      }).on('error', reject);
    });`);
  await createFunction(client, { name: 'curious', zip: asking });
  const { payload } = await invoke(client, 'curious');
  await client.send(new DeleteFunctionCommand({ FunctionName: 'curious' }));
  if (JSON.stringify(payload).includes('false')) return t.skip('functions share the loopback of the machine');
  assert.deepEqual(payload, { inside: true, status: 403 });
  assert.equal((await fetch(`${server.endpoint}/_lambent/usage`)).status, 200);
});

test('a function’s own policy lets a user in, and shuts one out', async () => {
  const bob = key('--user', 'bob');
  const carl = key('--user', 'carl', '--policy', policy('all.json', allow('*', '*')));
  const owner = lambdaClient(server.endpoint, root);
  const asBob = lambdaClient(server.endpoint, bob);
  const asCarl = lambdaClient(server.endpoint, carl);
  await assert.rejects(invoke(asBob, 'guarded'), { name: 'AccessDeniedException' });
  const named = { FunctionName: 'guarded', Action: 'lambda:InvokeFunction' };
  const Principal = 'arn:aws:iam::000000000000:user/bob';
  await owner.send(new AddPermissionCommand({ ...named, StatementId: 'bob', Principal }));
  assert.equal((await invoke(asBob, 'guarded')).status, 200);
  const { Policy = '' } = await owner.send(new GetResourcePolicyCommand({ ResourceArn: arn }));
  const document = JSON.parse(Policy);
  const shut = {
    Sid: 'shut',
    Effect: 'Deny',
    Principal: { AWS: `${Principal.slice(0, -3)}carl` },
    Action: 'lambda:*',
    Resource: arn,
  };
  const both = JSON.stringify({ ...document, Statement: [...document.Statement, shut] });
  await owner.send(new PutResourcePolicyCommand({ ResourceArn: arn, Policy: both }));
  await assert.rejects(invoke(asCarl, 'guarded'), {
    name: 'AccessDeniedException',
    message: /with an explicit deny in a resource-based policy$/,
  });
  assert.equal((await invoke(asBob, 'guarded')).status, 200);
});

test('a user’s key opens the part of a bucket that its policy names', async () => {
  const options = { endpoint: server.endpoint, region: 'us-east-1', forcePathStyle: true, maxAttempts: 1 };
  await new S3Client({ ...options, credentials: root }).send(new CreateBucketCommand({ Bucket: 'homes' }));
  const own = 'arn:aws:s3:::homes/$'.concat('{aws:username}/*');
  const dora = key('--user', 'dora', '--policy', policy('homes.json', allow(['s3:PutObject', 's3:GetObject'], own)));
  const s3 = new S3Client({ ...options, credentials: dora });
  await s3.send(new PutObjectCommand({ Bucket: 'homes', Key: 'dora/note', Body: 'mine' }));
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'homes', Key: 'dora/note' }));
  assert.equal(await Body?.transformToString(), 'mine');
  const refused = {
    name: 'AccessDenied',
    message: /not authorized to perform: s3:PutObject on resource: arn:aws:s3:::homes\/eve/,
  };
  await assert.rejects(s3.send(new PutObjectCommand({ Bucket: 'homes', Key: 'eve/note', Body: 'not mine' })), refused);
  await assert.rejects(s3.send(new ListObjectsV2Command({ Bucket: 'homes' })), { name: 'AccessDenied' });
});

const python = boto3Python();

test('boto3 adds, reads and removes permissions, also for another account', {
  skip: python === undefined ? 'boto3 is not installed (Debian package python3-boto3)' : false,
}, async () => {
  const stranger = key('--account', '111122223333');
  await createFunction(lambdaClient(server.endpoint, root), {
    name: 'shared',
    zip: nodePackage('exports.handler = async (event) => event;'),
  });
  const keys = [root, stranger].flatMap(({ accessKeyId, secretAccessKey }) => [accessKeyId, secretAccessKey]);
  const script = join(import.meta.dirname, 'permissions_test.py');
  const { stdout } = await promisify(execFile)(python ?? '', [script, server.endpoint, 'shared', ...keys], {
    timeout: 60_000,
  });
  assert.match(stdout, /found everything as it expects it/);
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + 5_000;
  while (!(await holds().catch(() => false))) {
    assert.ok(performance.now() < giveUpAt, 'it never came to be');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
