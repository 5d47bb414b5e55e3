/** The official JavaScript SDK, unchanged, against a live server. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CloudWatchLogsClient, GetLogEventsCommand, paginateDescribeLogStreams } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetAccountSettingsCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  type LambdaClient,
  ListCapacityProvidersCommand,
  ListTagsCommand,
  paginateListFunctions,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { createFunction, invoke, lambdaClient, role } from '../harness/client.ts';
import { nodePackage, zip } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const says = (text: string) =>
  nodePackage(
    `exports.handler = async (event, context) => ({ says: '${text}', event, custom: context.clientContext });`,
  );
let server: Server;
let client: LambdaClient;

before(async () => {
  server = await startServer();
  client = lambdaClient(server.endpoint);
});
after(() => server[Symbol.asyncDispose]());

test('a function lives: created, read, changed, invoked, tagged, deleted', async () => {
  const FunctionName = 'life';
  await createFunction(client, { name: FunctionName, zip: says('one'), Tags: { team: 'a' } });
  const { Configuration, Code, Tags } = await client.send(new GetFunctionCommand({ FunctionName }));
  assert.deepEqual(
    [Configuration?.State, Configuration?.LastUpdateStatus, Tags],
    ['Active', 'Successful', { team: 'a' }],
  );
  const downloaded = Buffer.from(await (await fetch(Code?.Location ?? '')).arrayBuffer());
  assert.ok(downloaded.equals(says('one')));
  assert.deepEqual((await invoke(client, FunctionName, { a: 1 })).payload, { says: 'one', event: { a: 1 } });

  await client.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: says('two') }));
  await waitUntilFunctionUpdatedV2({ client, maxWaitTime: 30, minDelay: 0.05, maxDelay: 0.5 }, { FunctionName });
  assert.deepEqual((await invoke(client, FunctionName, 2)).payload, { says: 'two', event: 2 });

  const before = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
  await assert.rejects(
    client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 9, RevisionId: role })),
    { name: 'PreconditionFailedException' },
  );
  const update = { FunctionName, Timeout: 9, MemorySize: 256, RevisionId: before.RevisionId };
  const updated = await client.send(new UpdateFunctionConfigurationCommand(update));
  assert.equal(updated.LastUpdateStatus, 'InProgress');
  await waitUntilFunctionUpdatedV2({ client, maxWaitTime: 30, minDelay: 0.05, maxDelay: 0.5 }, { FunctionName });
  const after = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
  assert.deepEqual([after.Timeout, after.MemorySize], [9, 256]);

  const Resource = after.FunctionArn;
  await client.send(new TagResourceCommand({ Resource, Tags: { stage: 'b' } }));
  await client.send(new UntagResourceCommand({ Resource, TagKeys: ['team'] }));
  assert.deepEqual((await client.send(new ListTagsCommand({ Resource }))).Tags, { stage: 'b' });
  await client.send(new DeleteFunctionCommand({ FunctionName }));
  await assert.rejects(client.send(new GetFunctionCommand({ FunctionName })), { name: 'ResourceNotFoundException' });
});

test('invocation types, client context, log tail and executed version', async () => {
  await createFunction(client, { name: 'types', zip: says('x') });
  const ClientContext = Buffer.from(JSON.stringify({ custom: { k: 'v' } })).toString('base64');
  const answer = await client.send(new InvokeCommand({ FunctionName: 'types', ClientContext, LogType: 'Tail' }));
  assert.deepEqual([answer.StatusCode, answer.ExecutedVersion, answer.FunctionError], [200, '$LATEST', undefined]);
  assert.deepEqual(JSON.parse(Buffer.from(answer.Payload ?? []).toString()), {
    says: 'x',
    event: {},
    custom: { custom: { k: 'v' } },
  });
  assert.match(
    Buffer.from(answer.LogResult ?? '', 'base64').toString(),
    /^(INIT_START.*\n)?START RequestId.*\nEND.*\nREPORT/,
  );
  const event = await client.send(new InvokeCommand({ FunctionName: 'types', InvocationType: 'Event', Payload: '{}' }));
  assert.deepEqual([event.StatusCode, event.ExecutedVersion], [202, undefined]);
  const dry = await client.send(new InvokeCommand({ FunctionName: 'types', InvocationType: 'DryRun' }));
  assert.equal(dry.StatusCode, 204);
  await assert.rejects(client.send(new InvokeCommand({ FunctionName: 'types', Payload: 'not json' })), {
    name: 'InvalidRequestContentException',
    message: /^Could not parse request body into json: /,
  });
  const tooLarge = JSON.stringify('x'.repeat(6_300_000));
  await assert.rejects(client.send(new InvokeCommand({ FunctionName: 'types', Payload: tooLarge })), {
    name: 'RequestEntityTooLargeException',
  });
  const large = await invoke(client, 'types', 'x'.repeat(2_900_000));
  assert.equal(large.error, undefined);
});

test('functions are paged, and counted in the account', async () => {
  for (let n = 0; n < 5; n += 1) await createFunction(client, { name: `page-${n}`, zip: says('p') });
  const names: (string | undefined)[] = [];
  for await (const { Functions = [] } of paginateListFunctions({ client, pageSize: 2 }, {})) {
    assert.ok(Functions.length <= 2);
    names.push(...Functions.map(({ FunctionName }) => FunctionName));
  }
  assert.deepEqual(
    names.filter((name) => name?.startsWith('page-')),
    ['page-0', 'page-1', 'page-2', 'page-3', 'page-4'],
  );
  const { AccountUsage, AccountLimit } = await client.send(new GetAccountSettingsCommand({}));
  assert.equal(AccountUsage?.FunctionCount, names.length);
  assert.equal(AccountLimit?.ConcurrentExecutions, 1000);
});

test('what is wrong is said as AWS says it', async () => {
  const create = (more: object) =>
    client.send(
      new CreateFunctionCommand({
        FunctionName: 'bad',
        Runtime: 'nodejs24.x',
        Handler: 'i.h',
        Role: role,
        Code: { ZipFile: says('x') },
        ...more,
      }),
    );
  const cases: [object, string, RegExp][] = [
    [
      { FunctionName: 'x'.repeat(65) },
      'InvalidParameterValueException',
      /Member must have length less than or equal to 64/,
    ],
    [
      { Runtime: 'cobol85' },
      'InvalidParameterValueException',
      /Value cobol85 at 'runtime' failed to satisfy constraint/,
    ],
    [
      { MemorySize: 64 },
      'ValidationException',
      /^1 validation error detected: Value '64' at 'memorySize' failed to satisfy constraint: Member must have value greater than or equal to 128$/,
    ],
    [
      { Environment: { Variables: { AWS_REGION: 'x' } } },
      'InvalidParameterValueException',
      /reserved keys that are currently not supported for modification. Reserved keys used in this request: AWS_REGION/,
    ],
    [
      { Environment: { Variables: { LONG: 'x'.repeat(5000) } } },
      'InvalidParameterValueException',
      /exceeded the 4KB limit/,
    ],
    [
      { Code: { ZipFile: Buffer.from('no zip') } },
      'InvalidParameterValueException',
      /^Could not unzip uploaded file\. Please check your file, then try to upload again\.$/,
    ],
    [{ Code: { S3Bucket: 'bucket', S3Key: 'key' } }, 'InvalidParameterValueException', /S3/],
    [{ Code: { ZipFile: zip([{ name: '../escape.js', content: 'x' }]) } }, 'InvalidParameterValueException', /unzip/i],
    [
      {
        Code: {
          ZipFile: zip([
            { name: 'index.js', content: 'x' },
            { name: 'link', content: '/etc/passwd', mode: 0o120777 },
          ]),
        },
      },
      'InvalidParameterValueException',
      /unzip/i,
    ],
    [
      { Code: { ZipFile: zip([{ name: 'bomb', content: Buffer.alloc(270_000_000) }]) } },
      'InvalidParameterValueException',
      /^Unzipped size must be smaller than 262144000 bytes$/,
    ],
  ];
  for (const [more, name, message] of cases)
    await assert.rejects(create(more), { name, message }, JSON.stringify(more).slice(0, 80));
  await createFunction(client, { name: 'twice', zip: says('x') });
  await assert.rejects(create({ FunctionName: 'twice' }), {
    name: 'ResourceConflictException',
    message: 'Function already exist: twice',
  });
  await assert.rejects(client.send(new InvokeCommand({ FunctionName: 'absent' })), {
    name: 'ResourceNotFoundException',
    message: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:absent',
  });
  await assert.rejects(client.send(new ListCapacityProvidersCommand({})), {
    name: /NotImplemented/,
    message: /ListCapacityProviders/,
  });
});

test('regions are apart', async () => {
  const { LambdaClient } = await import('@aws-sdk/client-lambda');
  const elsewhere = new LambdaClient({ endpoint: server.endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 });
  await createFunction(elsewhere, { name: 'only-here', zip: says('eu') });
  await assert.rejects(invoke(client, 'only-here'), { name: 'ResourceNotFoundException' });
  assert.equal(
    (await elsewhere.send(new GetFunctionConfigurationCommand({ FunctionName: 'only-here' }))).FunctionArn,
    'arn:aws:lambda:eu-west-1:000000000000:function:only-here',
  );
});

test('logs are read through CloudWatch Logs, and the caller is known', async () => {
  await createFunction(client, { name: 'logged', zip: says('x') });
  await invoke(client, 'logged');
  const logs = new CloudWatchLogsClient({ endpoint: server.endpoint, region: 'us-east-1', credentials });
  const logGroupName = '/aws/lambda/logged';
  for await (const { logStreams = [] } of paginateDescribeLogStreams({ client: logs }, { logGroupName })) {
    const { events = [] } = await logs.send(
      new GetLogEventsCommand({ logGroupName, logStreamName: logStreams[0]?.logStreamName, startFromHead: true }),
    );
    const firstWords = events.map(({ message }) => message?.split(' ')[0]);
    assert.deepEqual(firstWords, ['INIT_START', 'START', 'END', 'REPORT']);
  }
  const sts = new STSClient({ endpoint: server.endpoint, region: 'us-east-1', credentials });
  const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
  assert.deepEqual([Account, Arn], ['000000000000', 'arn:aws:iam::000000000000:root']);
});
