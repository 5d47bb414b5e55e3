/** Who may do what with functions, and in which words they are refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { AwsError } from '../aws/errors.ts';
import type { Operation, Principal } from '../aws/operation.ts';
import { systemClock } from '../base/clock.ts';
import { lambdaRules } from '../lambda/api/rules.ts';
import { ownedKey, put } from '../lambda/model/resources.ts';
import { logsRules } from '../services/logs/rules.ts';
import { createStsTable } from '../services/sts/api/table.ts';
import { stsRules } from '../services/sts/rules.ts';
import { memoryDocuments } from '../store/testing/memory.ts';
import { type AuthorisedCall, authorise } from './authorise.ts';
import { knownKey, noRecords, startFront, stsParts } from './testing/front.ts';

const ours = '111122223333';
const theirs = '999999999999';
const fn = `arn:aws:lambda:eu-west-1:${ours}:function:f`;
const layer = `arn:aws:lambda:eu-west-1:${ours}:layer:l:1`;
const mapping = `arn:aws:lambda:eu-west-1:${ours}:event-source-mapping:abc-1`;
const statement = (Action: string | string[], Resource: string | string[] = '*', more: object = {}) =>
  JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource, ...more } });

const user = (...policies: string[]): Principal => ({
  ...{ kind: 'user', accountId: ours, arn: `arn:aws:iam::${ours}:user/ada`, accessKeyId: 'AKIA', policies },
});
const root: Principal = { kind: 'root', accountId: ours, arn: `arn:aws:iam::${ours}:root` };
const role: Principal = { kind: 'role', accountId: ours, arn: `arn:aws:sts::${ours}:assumed-role/r/s` };
const session: Principal = { ...role, policies: [statement('*')] };
const stranger: Principal = { ...root, accountId: theirs, arn: `arn:aws:iam::${theirs}:root` };
const eve = (...policies: string[]): Principal => ({
  ...{ kind: 'user', accountId: theirs, arn: `arn:aws:iam::${theirs}:user/eve`, policies },
});

const { resources, functions } = memoryDocuments();
const rules = { lambda: lambdaRules({ resources, functions }), logs: logsRules, sts: stsRules(noRecords) };

/** Function `shared` is open to the other account, and its alias `prod` to a user of this one. */
async function share(): Promise<void> {
  const document = (statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const shared = { accountId: ours, region: 'eu-west-1', name: 'shared' };
  const arn = fn.replace(/f$/, 'shared');
  const Action = ['lambda:InvokeFunction', 'lambda:GetFunction', 'lambda:CreateFunction'];
  const open = { Effect: 'Allow', Principal: { AWS: theirs }, Action, Resource: arn };
  const night = { Effect: 'Deny', Principal: '*', Action: 'lambda:DeleteFunction', Resource: arn };
  const prod = {
    Effect: 'Allow',
    Principal: { AWS: user().arn },
    Action: 'lambda:InvokeFunction',
    Resource: `${arn}:prod`,
  };
  await resources.write([
    put('policy', ownedKey(shared, ''), { document: document([open, night]), revisionId: 'r1' }),
    put('policy', ownedKey(shared, 'prod'), { document: document([prod]), revisionId: 'r2' }),
  ]);
}

function decide(principal: Principal, operation: string, input: object, more: Partial<AuthorisedCall> = {}): string {
  const asked = { operation, input: { ...input }, region: 'eu-west-1', accountId: principal.accountId };
  const call: AuthorisedCall = {
    ...{ service: 'lambda', protocol: 'restJson1', row: {}, asked, principal, headers: {} },
    socket: { remoteAddress: '::ffff:10.1.2.3' },
    ...more,
  };
  try {
    return `acts in ${authorise({ rules, clock: systemClock }, call)}`;
  } catch (error) {
    assert.ok(error instanceof AwsError, String(error));
    return error.message.replace(/^User: \S+ is not authorized to perform: /, 'not ');
  }
}

const yes = `acts in ${ours}`;
const no = (action: string, on: string, side = 'identity') =>
  `not ${action} on resource: ${on} because no ${side}-based policy allows the ${action} action`;
const shared = fn.replace(/f$/, 'shared');

/** Who, the operation and its input, and what comes out. */
const cases: readonly (readonly [Principal, string, object, string])[] = [
  [root, 'DeleteFunction', { FunctionName: 'f' }, yes],
  [session, 'DeleteFunction', { FunctionName: 'f' }, yes],
  [{ ...role, unlimited: true }, 'DeleteFunction', { FunctionName: 'f' }, yes],
  [role, 'DeleteFunction', { FunctionName: 'f' }, no('lambda:DeleteFunction', fn)],
  [
    { ...session, limits: [{ by: 'permissions boundary', policies: [statement('s3:*')] }] },
    'DeleteFunction',
    { FunctionName: 'f' },
    `not lambda:DeleteFunction on resource: ${fn} because no permissions boundary allows the lambda:DeleteFunction action`,
  ],
  [user(), 'Invoke', { FunctionName: 'f' }, no('lambda:InvokeFunction', fn)],
  [user(statement('lambda:InvokeFunction', fn)), 'Invoke', { FunctionName: 'f' }, yes],
  [user(statement('lambda:InvokeFunction', fn)), 'Invoke', { FunctionName: `${ours}:function:f` }, yes],
  [user(statement('lambda:InvokeFunction', fn)), 'InvokeWithResponseStream', { FunctionName: 'f' }, yes],
  [
    user(statement('lambda:InvokeFunction', fn)),
    'Invoke',
    { FunctionName: 'f', Qualifier: 'v' },
    no('lambda:InvokeFunction', `${fn}:v`),
  ],
  [
    user(statement('lambda:InvokeFunction', fn)),
    'Invoke',
    { FunctionName: 'f:v' },
    no('lambda:InvokeFunction', `${fn}:v`),
  ],
  [
    user(statement('lambda:InvokeFunction', fn)),
    'Invoke',
    { FunctionName: 'g' },
    no('lambda:InvokeFunction', fn.replace(/f$/, 'g')),
  ],
  [user(statement('lambda:InvokeFunction', fn)), 'GetFunction', { FunctionName: 'f' }, no('lambda:GetFunction', fn)],
  [user(statement('lambda:List*', fn)), 'ListFunctions', {}, no('lambda:ListFunctions', '*')],
  [user(statement('lambda:List*')), 'ListFunctions', {}, yes],
  [
    user(statement('lambda:*', `${fn}*`)),
    'CreateEventSourceMapping',
    { FunctionName: 'f' },
    no('lambda:CreateEventSourceMapping', '*'),
  ],
  [
    user(statement('lambda:*', '*', { Condition: { ArnLike: { 'lambda:FunctionArn': fn } } })),
    'CreateEventSourceMapping',
    { FunctionName: 'f' },
    yes,
  ],
  [
    user(statement('lambda:*', '*', { Condition: { ArnLike: { 'lambda:FunctionArn': fn } } })),
    'CreateEventSourceMapping',
    { FunctionName: 'g' },
    no('lambda:CreateEventSourceMapping', '*'),
  ],
  // A layer can be attached only by who may read it.
  [
    user(statement('lambda:UpdateFunctionConfiguration')),
    'UpdateFunctionConfiguration',
    { FunctionName: 'f', Layers: [fn.replace('function:f', 'layer:l:1')] },
    no('lambda:GetLayerVersion', fn.replace('function:f', 'layer:l:1')),
  ],
  // A role goes to a function only from who may pass it on.
  [
    user(statement('lambda:*')),
    'CreateFunction',
    { FunctionName: 'f', Role: 'arn:aws:iam::111122223333:role/r' },
    no('iam:PassRole', 'arn:aws:iam::111122223333:role/r'),
  ],
  [
    user(statement(['lambda:*', 'iam:PassRole'])),
    'CreateFunction',
    { FunctionName: 'f', Role: 'arn:aws:iam::111122223333:role/r' },
    yes,
  ],
  // Another spelling is no way round a Deny.
  [
    user(statement('*'), statement('lambda:*', layer, { Effect: 'Deny' })),
    'GetLayerVersion',
    { LayerName: 'arn:aws-other:lambda:eu-west-1:111122223333:layer:l', VersionNumber: 1 },
    `not lambda:GetLayerVersion on resource: ${layer} with an explicit deny in an identity-based policy`,
  ],
  [user(statement('lambda:*', mapping)), 'DeleteEventSourceMapping', { UUID: 'ABC-1' }, yes],
  // Code from a bucket only for who may read it there.
  [
    user(statement('lambda:*')),
    'UpdateFunctionCode',
    { FunctionName: 'f', S3Bucket: 'b', S3Key: 'k' },
    no('s3:GetObject', 'arn:aws:s3:::b/k'),
  ],
  [
    user(statement(['lambda:*', 's3:GetObject'])),
    'PublishLayerVersion',
    { LayerName: 'l', Content: { S3Bucket: 'b', S3Key: 'k', S3ObjectVersion: 'v' } },
    no('s3:GetObjectVersion', 'arn:aws:s3:::b/k'),
  ],
  // The newer policy operations need the older ones' leave besides.
  [
    user(statement('lambda:PutResourcePolicy')),
    'PutResourcePolicy',
    { ResourceArn: fn },
    no('lambda:AddPermission', fn),
  ],
  [user(statement('lambda:TagResource', fn)), 'TagResource', { Resource: fn, Tags: { a: '1' } }, yes],
  [
    user(statement('lambda:*', '*', { Condition: { StringEquals: { 'aws:RequestTag/Team': 'a' } } })),
    'TagResource',
    { Resource: fn, Tags: { team: 'b' } },
    no('lambda:TagResource', fn),
  ],
  [
    user(statement('lambda:*', '*', { Condition: { IpAddress: { 'aws:SourceIp': '10.1.0.0/16' } } })),
    'GetFunction',
    { FunctionName: 'f' },
    yes,
  ],
  [
    user(statement('lambda:*', '*', { Condition: { Bool: { 'aws:SecureTransport': 'true' } } })),
    'GetFunction',
    { FunctionName: 'f' },
    yes,
  ],
  [
    user(statement('lambda:*', '*', { Condition: { StringEquals: { 'aws:username': 'bob' } } })),
    'GetFunction',
    { FunctionName: 'f' },
    no('lambda:GetFunction', fn),
  ],
  [
    user(statement('*'), statement('lambda:Delete*', '*', { Effect: 'Deny' })),
    'DeleteFunction',
    { FunctionName: 'f' },
    `not lambda:DeleteFunction on resource: ${fn} with an explicit deny in an identity-based policy`,
  ],
  [
    user(statement('*')),
    'DeleteFunction',
    { FunctionName: 'shared' },
    `not lambda:DeleteFunction on resource: ${shared} with an explicit deny in a resource-based policy`,
  ],
  // An alias's policy counts for the alias alone.
  [user(), 'Invoke', { FunctionName: 'shared:prod' }, yes],
  [user(), 'Invoke', { FunctionName: 'shared' }, no('lambda:InvokeFunction', shared)],
  [user(), 'Invoke', { FunctionName: 'shared:other' }, no('lambda:InvokeFunction', `${shared}:other`)],
  // Across accounts both sides must allow, and the call acts in the account of the function.
  [stranger, 'Invoke', { FunctionName: shared }, yes],
  [stranger, 'GetFunction', { FunctionName: shared }, yes],
  [stranger, 'UpdateFunctionCode', { FunctionName: shared }, no('lambda:UpdateFunctionCode', shared, 'resource')],
  [stranger, 'Invoke', { FunctionName: fn }, no('lambda:InvokeFunction', fn, 'resource')],
  [stranger, 'Invoke', { FunctionName: `${shared}:prod` }, no('lambda:InvokeFunction', `${shared}:prod`, 'resource')],
  [stranger, 'Invoke', { FunctionName: 'shared' }, `acts in ${theirs}`],
  [eve(), 'Invoke', { FunctionName: shared }, no('lambda:InvokeFunction', shared)],
  [eve(statement('lambda:*')), 'Invoke', { FunctionName: shared }, yes],
  // What crosses no border stays in the caller's account, where names.ts refuses the other's function.
  [stranger, 'CreateFunction', { FunctionName: shared }, `acts in ${theirs}`],
];

test('who may do what with functions', async () => {
  await share();
  for (const [principal, operation, input, outcome] of cases) {
    assert.equal(
      decide(principal, operation, input),
      outcome,
      `${principal.arn} ${operation} ${JSON.stringify(input)}`,
    );
  }
});

test('an operation’s row may name its actions and its resource; a service without rules has its operations on *', () => {
  const row: Pick<Operation<never, unknown>, 'action' | 'resource'> = {
    action: ['x:Read', 'x:Write'],
    resource: ({ Name }: { Name: string }, { region }) => `arn:aws:x:${region}::${Name}`,
  };
  const own = { service: 'x', row };
  assert.equal(decide(user(statement('x:Read')), 'Op', { Name: 'n' }, own), no('x:Write', 'arn:aws:x:eu-west-1::n'));
  assert.equal(decide(user(statement('x:*', 'arn:aws:x:*:*:n')), 'Op', { Name: 'n' }, own), yes);
  assert.equal(decide(user(statement('x:*', 'arn:aws:x:*:*:n')), 'Op', {}, { service: 'x' }), no('x:Op', '*'));
});

test('log groups are asked for as AWS asks for them', () => {
  const logs = { service: 'logs' } as const;
  const group = `arn:aws:logs:eu-west-1:${ours}:log-group:/aws/lambda/f`;
  const may = (pattern: string, input: object) =>
    decide(user(statement('logs:*', pattern)), 'GetLogEvents', input, logs);
  const named = { logGroupName: '/aws/lambda/f', logStreamName: 's' };
  assert.equal(may(`${group}:*`, named), yes);
  assert.equal(may(`${group}:log-stream:s`, { logGroupIdentifier: `${group}:*`, logStreamName: 's' }), yes);
  assert.equal(may(`${group}:log-stream:t`, named), no('logs:GetLogEvents', `${group}:log-stream:s`));
  assert.equal(may(`${group}:*`, {}), no('logs:GetLogEvents', `arn:aws:logs:eu-west-1:${ours}:log-group::log-stream:`));
});

test('each protocol refuses in its own shape', async () => {
  const bare = { ...knownKey, policies: [] };
  await using front = await startFront(
    {
      lambda: { GetFunction: { handle: () => ({}) } },
      logs: { DescribeLogGroups: { handle: () => ({ logGroups: [] }) } },
      sts: { ...createStsTable(stsParts), AssumeRole: { handle: () => ({}) } },
    },
    { rules, authentication: 'signed', keys: { find: () => bare } },
  );
  const { accessKeyId, secretAccessKey } = bare;
  const options = { endpoint: front.endpoint, region: 'eu-west-1', credentials: { accessKeyId, secretAccessKey } };
  const refused = async (call: Promise<unknown>) => {
    const error = await call.then(
      () => assert.fail('let in'),
      (thrown) => thrown,
    );
    return [error.name, error.$metadata.httpStatusCode, /^User: (\S+) is not authorized/.exec(error.message)?.[1]];
  };
  const ada = knownKey.principalArn;
  const getFunction = new LambdaClient(options).send(new GetFunctionCommand({ FunctionName: 'f' }));
  assert.deepEqual(await refused(getFunction), ['AccessDeniedException', 403, ada]);
  const groups = new CloudWatchLogsClient(options).send(new DescribeLogGroupsCommand({}));
  assert.deepEqual(await refused(groups), ['AccessDeniedException', 400, ada]);
  const sts = new STSClient(options);
  const assume = sts.send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${ours}:role/role-of-others`, RoleSessionName: 'ss' }),
  );
  assert.deepEqual(await refused(assume), ['AccessDenied', 403, ada]);
  assert.equal((await sts.send(new GetCallerIdentityCommand({}))).Arn, ada);
  assert.deepEqual(front.errors, []);
});
