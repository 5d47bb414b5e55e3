/** Versions and aliases as the JavaScript SDK sees them, and as functions that run under them do. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateAliasCommand,
  DeleteFunctionCommand,
  GetAliasCommand,
  GetFunctionCommand,
  InvokeCommand,
  type LambdaClient,
  PublishVersionCommand,
  paginateListVersionsByFunction,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  waitUntilFunctionUpdatedV2,
  waitUntilPublishedVersionActive,
} from '@aws-sdk/client-lambda';
import { createFunction, invoke, lambdaClient } from '../harness/client.ts';
import { nodePackage } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

const arn = 'arn:aws:lambda:us-east-1:000000000000:function:';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
/** Tells what it is, and how often this environment was asked. */
const tells = (text: string) =>
  nodePackage(`
    let calls = 0;
    exports.handler = async (event, context) => {
      console.log('this is', '${text}', context.functionVersion);
      return {
        text: '${text}',
        calls: ++calls,
        version: [context.functionVersion, process.env.AWS_LAMBDA_FUNCTION_VERSION],
        arn: context.invokedFunctionArn,
        stream: context.logStreamName.replace(/^.*(\\[.*\\]).*$/, '$1'),
      };
    };`);
let server: Server;
let client: LambdaClient;

before(async () => {
  server = await startServer();
  client = lambdaClient(server.endpoint);
});
after(() => server[Symbol.asyncDispose]());

async function update(FunctionName: string, text: string): Promise<void> {
  await client.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: tells(text) }));
  await waitUntilFunctionUpdatedV2({ client, maxWaitTime: 30, minDelay: 0.05, maxDelay: 0.5 }, { FunctionName });
}

/** Version 1 says one, version 2 says two, `$LATEST` says three; live leads to 1. */
async function versioned(FunctionName: string): Promise<void> {
  await createFunction(client, { name: FunctionName, zip: tells('one'), Publish: true });
  const waiter = { client, maxWaitTime: 30, minDelay: 0.05, maxDelay: 0.5 };
  await waitUntilPublishedVersionActive(waiter, { FunctionName, Qualifier: '1' });
  await update(FunctionName, 'two');
  assert.equal((await client.send(new PublishVersionCommand({ FunctionName }))).Version, '2');
  await update(FunctionName, 'three');
  await client.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
}

test('a version runs its own code, and is told what it is and how it was called', async () => {
  await versioned('told');
  const told = async (Qualifier?: string) => (await invoke(client, 'told', {}, { Qualifier })).payload;
  const of = (text: string, version: string, calls: number, called: string) => {
    return { text, calls, version: [version, version], arn: arn + called, stream: `[${version}]` };
  };
  assert.deepEqual(await told(), of('three', '$LATEST', 1, 'told'));
  assert.deepEqual(await told('$LATEST'), of('three', '$LATEST', 2, 'told:$LATEST'));
  assert.deepEqual(await told('1'), of('one', '1', 1, 'told:1'));
  assert.deepEqual(await told('live'), of('one', '1', 2, 'told:live'));
  assert.deepEqual(await told('2'), of('two', '2', 1, 'told:2'));
  // Neither an update nor an alias that moves costs a version its environments.
  await update('told', 'four');
  await client.send(new UpdateAliasCommand({ FunctionName: 'told', Name: 'live', FunctionVersion: '2' }));
  assert.deepEqual(await told('live'), of('two', '2', 2, 'told:live'));
  assert.deepEqual(await told('1'), of('one', '1', 3, 'told:1'));
  assert.deepEqual(await told(), of('four', '$LATEST', 1, 'told'));
  const { Configuration } = await client.send(new GetFunctionCommand({ FunctionName: 'told:live' }));
  assert.deepEqual([Configuration?.FunctionArn, Configuration?.Version], [`${arn}told:live`, '2']);
});

test('a weighted alias splits, each request by itself, and says which version it was', async () => {
  await versioned('split');
  const route = (weight: number) => {
    const RoutingConfig = { AdditionalVersionWeights: { 2: weight } };
    return client.send(new UpdateAliasCommand({ FunctionName: 'split', Name: 'live', RoutingConfig }));
  };
  const texts = { 1: 'one', 2: 'two' } as Record<string, string>;
  const ask = async () => {
    const answer = await client.send(new InvokeCommand({ FunctionName: 'split', Qualifier: 'live' }));
    const version = answer.ExecutedVersion ?? '';
    assert.equal(JSON.parse(Buffer.from(answer.Payload ?? []).toString()).text, texts[version]);
    return version;
  };
  const share = async (count: number) => {
    let second = 0;
    for (let done = 0; done < count; done++) if ((await ask()) === '2') second += 1;
    return second;
  };
  await route(0.3);
  const second = await share(200);
  // Five standard deviations about 60.
  assert.ok(second > 27 && second < 93, `${second} of 200`);
  await route(0);
  assert.equal(await share(20), 0);
  await route(1);
  assert.equal(await share(20), 20);
});

test('a version that is deleted is not found, and its environments go; those of others stay', async () => {
  await versioned('gone');
  const calls = async (Qualifier: string) => Object((await invoke(client, 'gone', {}, { Qualifier })).payload).calls;
  assert.deepEqual([await calls('1'), await calls('2')], [1, 1]);
  const before = await environments();
  await client.send(new DeleteFunctionCommand({ FunctionName: 'gone', Qualifier: '2' }));
  await assert.rejects(calls('2'), { name: 'ResourceNotFoundException', message: `Function not found: ${arn}gone:2` });
  const giveUpAt = performance.now() + 20_000;
  while ((await environments()) !== before - 1) {
    assert.ok(performance.now() < giveUpAt, 'the environment of the deleted version never went');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.equal(await calls('1'), 2);
});

async function environments(): Promise<number> {
  const health = await (await fetch(`${server.endpoint}/_lambent/health`)).json();
  return Number(Object(health).environments);
}

test('an asynchronous event to an alias runs the version that it leads to', async () => {
  await versioned('later');
  const input = { FunctionName: 'later', Qualifier: 'live', InvocationType: 'Event' } as const;
  assert.equal((await client.send(new InvokeCommand(input))).StatusCode, 202);
  const logs = new CloudWatchLogsClient({ endpoint: server.endpoint, region: 'us-east-1', credentials });
  const query = new FilterLogEventsCommand({ logGroupName: '/aws/lambda/later', filterPattern: '"this is"' });
  const giveUpAt = performance.now() + 20_000;
  for (;;) {
    const [event] = (await logs.send(query).catch(() => undefined))?.events ?? [];
    if (event) {
      assert.match(event.message ?? '', /this is one 1/);
      assert.match(event.logStreamName ?? '', /\[1\]/);
      return;
    }
    assert.ok(performance.now() < giveUpAt, 'the event never ran');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});

test('what was published survives kill -9: versions, aliases, and the numbers that are used up', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lambent-versions-'));
  try {
    const first = await startServer({ dataDir });
    const before = lambdaClient(first.endpoint);
    const FunctionName = 'kept';
    await createFunction(before, { name: FunctionName, zip: tells('kept') });
    for (let number = 1; number <= 3; number++) {
      const ZipFile = tells(`number ${number}`);
      await before.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
      await waitUntilFunctionUpdatedV2({ client: before, maxWaitTime: 30, minDelay: 0.05 }, { FunctionName });
      await before.send(new PublishVersionCommand({ FunctionName }));
    }
    const RoutingConfig = { AdditionalVersionWeights: { 1: 0.5 } };
    const live = { FunctionName, Name: 'live', FunctionVersion: '2', RoutingConfig };
    const { RevisionId } = await before.send(new CreateAliasCommand(live));
    await before.send(new DeleteFunctionCommand({ FunctionName, Qualifier: '3' }));
    await first.kill9();

    await using second = await startServer({ dataDir });
    const client = lambdaClient(second.endpoint);
    const versions: (string | undefined)[] = [];
    for await (const page of paginateListVersionsByFunction({ client, pageSize: 2 }, { FunctionName })) {
      versions.push(...(page.Versions ?? []).map(({ Version }) => Version));
    }
    assert.deepEqual(versions, ['$LATEST', '1', '2']);
    const alias = await client.send(new GetAliasCommand({ FunctionName, Name: 'live' }));
    assert.deepEqual([alias.RevisionId, alias.RoutingConfig], [RevisionId, RoutingConfig]);
    const { payload } = await invoke(client, FunctionName, {}, { Qualifier: '2' });
    assert.equal(Object(payload).text, 'number 2');
    assert.equal((await client.send(new PublishVersionCommand({ FunctionName }))).Version, '4');
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
