/** Roles and users by the official SDK, against a server where requests are signed. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  paginateListRoles,
  UpdateAccessKeyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateFunctionCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { createFunction, invoke, lambdaClient } from '../harness/client.ts';
import { createKey } from '../harness/keys.ts';
import { nodePackage } from '../harness/packages.ts';
import { boto3Python } from '../harness/python.ts';
import { basic, type Credentials, createRole, iamClient, lambdaTrust, policy } from '../harness/roles.ts';
import { type Server, startServer } from '../harness/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'lambent-iam-'));
let server: Server;
let root: Credentials;
let iam: IAMClient;
before(async () => {
  root = createKey(folder);
  server = await startServer({ dataDir: folder, flags: ['--auth', 'signed'] });
  iam = iamClient(server.endpoint, root);
});
after(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const allow = (Action: string | string[], Resource: string | string[] = '*') => ({
  Effect: 'Allow',
  Action,
  Resource,
});
const trustOf = (Principal: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }] });
const options = (credentials: Credentials) => ({
  ...{ endpoint: server.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 },
});
const s3 = (credentials: Credentials) => new S3Client({ ...options(credentials), forcePathStyle: true });
const whoIs = (credentials: Credentials) => new STSClient(options(credentials)).send(new GetCallerIdentityCommand({}));

async function userWith(name: string, ...statements: object[]): Promise<Credentials> {
  await iam.send(new CreateUserCommand({ UserName: name }));
  if (statements.length > 0) await iam.send(new PutUserPolicyCommand({ UserName: name, ...policy(statements) }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
}

/** Of the function itself, as it finds them in its environment. */
async function credentialsOf(name: string): Promise<Credentials> {
  const { payload } = await invoke(lambdaClient(server.endpoint, root), name);
  return payload as Credentials; // what `reveal` answers
}

const reveal = nodePackage(`exports.handler = async () => ({
  accessKeyId: process.env.AWS_ACCESS_KEY_ID,
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
  sessionToken: process.env.AWS_SESSION_TOKEN,
});`);

test('roles come page by page, with their documents as they were given', async () => {
  for (const name of ['page-1', 'page-2', 'page-3']) await createRole(iam, { name });
  const names: string[] = [];
  for await (const { Roles = [] } of paginateListRoles({ client: iam, pageSize: 2 }, {})) {
    names.push(...Roles.flatMap(({ RoleName }) => (RoleName?.startsWith('page-') ? [RoleName] : [])));
  }
  assert.deepEqual(names, ['page-1', 'page-2', 'page-3']);
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'page-1' }));
  assert.equal(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''), lambdaTrust);
  await assert.rejects(iam.send(new DeleteRoleCommand({ RoleName: 'page-1' })), { name: 'DeleteConflictException' });
  await assert.rejects(createRole(iam, { name: 'PAGE-1' }), { name: 'EntityAlreadyExistsException' });
  await assert.rejects(createRole(iam, { name: 'p', trust: '{}' }), { name: 'MalformedPolicyDocumentException' });
  await assert.rejects(createRole(iam, { name: 'no name' }), { name: 'ValidationError' });
});

test('a function may do what its role’s policies allow, as they are at that moment', async () => {
  const Role = await createRole(iam, { name: 'reveal' });
  await createFunction(lambdaClient(server.endpoint, root), { name: 'reveal', zip: reveal, Role });
  const own = await credentialsOf('reveal');
  const { Arn, UserId } = await whoIs(own);
  assert.equal(Arn, 'arn:aws:sts::000000000000:assumed-role/reveal/reveal');
  assert.match(UserId ?? '', /^AROA[A-Z2-7]{17}:reveal$/);
  const denied = { name: 'AccessDenied' };
  await assert.rejects(s3(own).send(new ListBucketsCommand({})), {
    name: 'AccessDenied',
    message: `User: ${Arn} is not authorized to perform: s3:ListAllMyBuckets on resource: * because no identity-based policy allows the s3:ListAllMyBuckets action`,
  });
  const named = { RoleName: 'reveal' };
  await iam.send(new PutRolePolicyCommand({ ...named, ...policy([allow('s3:*')]) }));
  await s3(own).send(new ListBucketsCommand({}));
  await iam.send(new PutRolePermissionsBoundaryCommand({ ...named, PermissionsBoundary: basic }));
  await assert.rejects(s3(own).send(new ListBucketsCommand({})), { message: /because no permissions boundary allows/ });
  const readOnly = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';
  await iam.send(new PutRolePermissionsBoundaryCommand({ ...named, PermissionsBoundary: readOnly }));
  await s3(own).send(new ListBucketsCommand({}));
  await assert.rejects(s3(own).send(new CreateBucketCommand({ Bucket: 'mine' })), denied);
  await iam.send(new DeleteRolePolicyCommand({ ...named, PolicyName: 'own' }));
  await assert.rejects(s3(own).send(new ListBucketsCommand({})), denied);
});

test('a bucket lets a role in by name, and shuts it out', async () => {
  const Role = await createRole(iam, { name: 'guest' });
  await createFunction(lambdaClient(server.endpoint, root), { name: 'guest', zip: reveal, Role });
  const own = s3(await credentialsOf('guest'));
  await s3(root).send(new CreateBucketCommand({ Bucket: 'guests' }));
  const speak = (Effect: string) =>
    s3(root).send(
      new PutBucketPolicyCommand({
        Bucket: 'guests',
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect, Principal: { AWS: Role }, Action: 's3:*', Resource: 'arn:aws:s3:::guests' }],
        }),
      }),
    );
  const list = () => own.send(new ListObjectsV2Command({ Bucket: 'guests' }));
  await assert.rejects(list(), { message: /because no identity-based policy allows the s3:ListBucket action/ });
  await speak('Allow');
  await list();
  await iam.send(new PutRolePolicyCommand({ RoleName: 'guest', ...policy([allow('s3:*')]) }));
  await speak('Deny');
  await assert.rejects(list(), { message: /with an explicit deny in a resource-based policy/ });
});

test('a function’s role has to exist, to trust Lambda, and to be passed on by who may', async () => {
  const lambda = lambdaClient(server.endpoint, root);
  const create = (Role: string, client = lambda) =>
    client.send(
      new CreateFunctionCommand({
        ...{ FunctionName: 'picky', Runtime: 'nodejs26.x', Handler: 'index.handler', Code: { ZipFile: reveal } },
        Role,
      }),
    );
  const unfit = {
    name: 'InvalidParameterValueException',
    message: 'The role defined for the function cannot be assumed by Lambda.',
  };
  await assert.rejects(create('arn:aws:iam::000000000000:role/nobody'), unfit);
  const trusting = await createRole(iam, { name: 'not-for-functions', trust: trustOf({ AWS: '000000000000' }) });
  await assert.rejects(create(trusting), unfit);
  await assert.rejects(create('arn:aws:iam::111122223333:role/theirs'), {
    name: 'AccessDeniedException',
    message: 'Cross-account pass role is not allowed.',
  });
  const Role = await createRole(iam, { name: 'fit' });
  const maker = await userWith('maker', allow('lambda:*'));
  const passing = lambdaClient(server.endpoint, maker);
  await assert.rejects(create(Role, passing), { name: 'AccessDeniedException', message: /perform: iam:PassRole/ });
  const toLambda = {
    ...allow('iam:PassRole', Role),
    Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
  };
  await iam.send(new PutUserPolicyCommand({ UserName: 'maker', ...policy([allow('lambda:*'), toLambda]) }));
  await createFunction(passing, { name: 'picky', zip: reveal, Role });
  const change = (role: string) =>
    lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'picky', Role: role }));
  await assert.rejects(change(trusting), unfit);
  const PolicyDocument = trustOf({ Service: 'lambda.amazonaws.com', AWS: '000000000000' });
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'not-for-functions', PolicyDocument }));
  assert.equal((await change(trusting)).Role, trusting);
});

test('a role is assumed by whom it trusts, for as long as it is there, within what the session began with', async () => {
  const ada = await userWith('ada');
  const trust = trustOf({ AWS: 'arn:aws:iam::000000000000:user/ada' });
  const role = { name: 'reader', attached: ['arn:aws:iam::aws:policy/AmazonS3FullAccess'], trust };
  const RoleArn = await createRole(iam, role);
  const assume = async (credentials: Credentials, more = {}) => {
    const asked = { RoleArn, RoleSessionName: 'visit', ...more };
    const answer = await new STSClient(options(credentials)).send(new AssumeRoleCommand(asked));
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = answer.Credentials ?? {};
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken ?? '' };
  };
  const session = await assume(ada);
  assert.equal((await whoIs(session)).Arn, 'arn:aws:sts::000000000000:assumed-role/reader/visit');
  await s3(session).send(new CreateBucketCommand({ Bucket: 'visited' }));
  const { PolicyDocument: Policy } = policy([allow('s3:List*')]);
  const narrow = await assume(ada, { Policy });
  await s3(narrow).send(new ListBucketsCommand({}));
  const beyond = { message: /because no session policy allows the s3:CreateBucket action/ };
  await assert.rejects(s3(narrow).send(new CreateBucketCommand({ Bucket: 'beyond' })), beyond);
  const denied = { name: 'AccessDenied', message: /not authorized to perform: sts:AssumeRole on resource/ };
  await assert.rejects(assume(await userWith('eve', allow('sts:*'))), denied);
  await assert.rejects(assume(root), denied);
  await assert.rejects(assume(ada, { RoleArn: RoleArn.replace('reader', 'nobody') }), denied);
  await assert.rejects(assume(ada, { DurationSeconds: 7200 }), { message: /exceeds the MaxSessionDuration/ });

  await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: 'reader', PermissionsBoundary: basic }));
  await assert.rejects(s3(session).send(new ListBucketsCommand({})), { name: 'AccessDenied' });
  const [PolicyArn] = role.attached;
  await iam.send(new DetachRolePolicyCommand({ RoleName: 'reader', PolicyArn }));
  await iam.send(new DeleteRoleCommand({ RoleName: 'reader' }));
  await createRole(iam, role);
  // Another role of that name: what was begun with the first one ends with it.
  await assert.rejects(s3(session).send(new ListBucketsCommand({})), { name: 'AccessDenied' });
});

test('a key that is made inactive lets nobody in', async () => {
  const credentials = await userWith('dora');
  assert.equal((await whoIs(credentials)).Arn, 'arn:aws:iam::000000000000:user/dora');
  const key = { UserName: 'dora', AccessKeyId: credentials.accessKeyId };
  await iam.send(new UpdateAccessKeyCommand({ ...key, Status: 'Inactive' }));
  await assert.rejects(whoIs(credentials), { name: 'InvalidClientTokenId' });
});

test('a data folder of an earlier release keeps what its functions could do, as roles that are seen', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lambent-former-'));
  try {
    await using open = await startServer({ dataDir });
    const name = 'former';
    await createFunction(lambdaClient(open.endpoint), { name, zip: reveal });
    await open.stop();
    const key = createKey(dataDir);
    const database = new DatabaseSync(join(dataDir, 'keys.db'));
    database.exec('INSERT INTO former_roles VALUES (1)');
    database.close();
    for (const warned of [true, false]) {
      await using signed = await startServer({ dataDir, flags: ['--auth', 'signed'] });
      const RoleName = 'test';
      const attached = await iamClient(signed.endpoint, key).send(new ListAttachedRolePoliciesCommand({ RoleName }));
      assert.deepEqual(attached.AttachedPolicies?.[0]?.PolicyName, 'AdministratorAccess');
      assert.equal((await invoke(lambdaClient(signed.endpoint, key), name)).status, 200);
      assert.equal(/AdministratorAccess/.test(signed.log()), warned, signed.log());
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

const python = boto3Python();

test('boto3 makes, reads, uses and deletes roles and users as infrastructure tools do', {
  skip: python === undefined ? 'boto3 is not installed (Debian package python3-boto3)' : false,
}, async () => {
  const script = join(import.meta.dirname, 'iam_test.py');
  const words = [script, server.endpoint, root.accessKeyId, root.secretAccessKey];
  const { stdout } = await promisify(execFile)(python ?? '', words, { timeout: 60_000 });
  assert.match(stdout, /found everything as it expects it/);
});
