/** The ledger and the REPORT lines of functions' logs say the same, to the millisecond, whatever became of the invocations. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import {
  GetProvisionedConcurrencyConfigCommand,
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  type LambdaClient,
  PublishVersionCommand,
  PutProvisionedConcurrencyConfigCommand,
} from '@aws-sdk/client-lambda';
import { createFunction, invoke, lambdaClient } from '../harness/client.ts';
import { nodePackage } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

const FunctionName = 'metered';
const zip = nodePackage(`
  const { setTimeout: sleep } = require('node:timers/promises');
  exports.handler = async ({ ms = 0, what }) => {
    await sleep(ms);
    if (what === 'throw') throw new Error('thrown');
    if (what === 'exit') process.exit(3);
    return what;
  };
  exports.stream = awslambda.streamifyResponse(async (_event, stream) => {
    stream.write('x'.repeat(1000));
    stream.end();
  });`);

interface Totals {
  requests: number;
  billedMs: number;
  initHundredths: number;
  megabyteMs: number;
}

/** What all REPORT lines add up to. */
async function reported({ endpoint }: Server): Promise<Totals> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new CloudWatchLogsClient({ endpoint, region: 'us-east-1', credentials });
  const sum = { requests: 0, billedMs: 0, initHundredths: 0, megabyteMs: 0 };
  const query = { logGroupName: `/aws/lambda/${FunctionName}`, filterPattern: 'REPORT' };
  for await (const page of paginateFilterLogEvents({ client }, query)) {
    for (const { message = '' } of page.events ?? []) {
      if (!message.startsWith('REPORT RequestId')) continue;
      const billedMs = Number(/Billed Duration: (\d+) ms/.exec(message)?.[1]);
      sum.requests += 1;
      sum.billedMs += billedMs;
      sum.megabyteMs += billedMs * Number(/Memory Size: (\d+) MB/.exec(message)?.[1]);
      sum.initHundredths += Math.round(Number(/Init Duration: ([\d.]+) ms/.exec(message)?.[1] ?? 0) * 100);
    }
  }
  return sum;
}

interface UsageRow {
  readonly version: string;
  readonly requests: number;
  readonly billedMs: number;
  readonly initMs: number;
  readonly gbSeconds: number;
  readonly storageGbSeconds: number;
  readonly streamedBytes: number;
  readonly provisionedRequests: number;
  readonly allocatedGbSeconds: number;
}

async function ledger({ endpoint }: Server): Promise<readonly UsageRow[]> {
  const answer = await (await fetch(`${endpoint}/_lambent/usage`)).text();
  return JSON.parse(answer).rows;
}

async function agrees(server: Server, requests: number): Promise<void> {
  const rows = await ledger(server);
  const sum = (value: (row: UsageRow) => number) => rows.reduce((total, row) => total + value(row), 0);
  const metered: Totals = {
    requests: sum((row) => row.requests),
    billedMs: sum((row) => row.billedMs),
    initHundredths: Math.round(sum((row) => row.initMs) * 100),
    megabyteMs: Math.round(sum((row) => row.gbSeconds) * 1024 * 1000),
  };
  assert.deepEqual(metered, await reported(server));
  assert.equal(metered.requests, requests);
  assert.ok(metered.initHundredths > 0);
}

async function provisioned(client: LambdaClient): Promise<void> {
  await client.send(new PublishVersionCommand({ FunctionName }));
  const asked = { FunctionName, Qualifier: '1' };
  await client.send(new PutProvisionedConcurrencyConfigCommand({ ...asked, ProvisionedConcurrentExecutions: 1 }));
  for (let tries = 0; tries < 200; tries += 1) {
    const { Status } = await client.send(new GetProvisionedConcurrencyConfigCommand(asked));
    if (Status === 'READY') return;
    await sleep(50);
  }
  throw new Error('provisioned concurrency did not become ready');
}

test('the ledger is what the REPORT lines say, also after kill -9', async () => {
  await using first = await startServer();
  const client = lambdaClient(first.endpoint);
  await createFunction(client, { name: FunctionName, zip, Timeout: 1, EphemeralStorage: { Size: 1024 } });
  const many = Array.from({ length: 60 }, (_, n) => invoke(client, FunctionName, { ms: n % 7 }));
  const failing = ['throw', 'exit', 'throw', 'exit'].map((what) => invoke(client, FunctionName, { what }));
  const late = invoke(client, FunctionName, { ms: 5000 });
  await Promise.all([...many, ...failing, late]);
  await provisioned(client);
  for (let n = 0; n < 5; n += 1) await invoke(client, FunctionName, {}, { Qualifier: '1' });
  await agrees(first, 70);
  const more = Array.from({ length: 20 }, () => invoke(client, FunctionName, { ms: 3 }));
  await Promise.all(more);
  await first.kill9();

  await using second = await startServer({ dataDir: first.dataDir });
  await agrees(second, 90);
  const rows = await ledger(second);
  const [latest, one] = ['$LATEST', '1'].map((version) => rows.find((row) => row.version === version));
  // Half a gigabyte beside a function of an eighth.
  assert.ok(latest && Math.abs(latest.storageGbSeconds / latest.gbSeconds - 4) < 1e-9);
  assert.deepEqual([latest.provisionedRequests, one?.provisionedRequests], [0, 5]);
});

test('what is provisioned is billed while it waits, and what is streamed is counted', async () => {
  await using server = await startServer();
  const client = lambdaClient(server.endpoint);
  await createFunction(client, { name: FunctionName, zip, Handler: 'index.stream' });
  const { EventStream = [] } = await client.send(new InvokeWithResponseStreamCommand({ FunctionName }));
  for await (const _ of EventStream);
  // The same function, and nothing is streamed to this caller.
  await client.send(new InvokeCommand({ FunctionName }));
  await provisioned(client);
  for (let tries = 0; tries < 100 && ((await ledger(server))[1]?.allocatedGbSeconds ?? 0) === 0; tries += 1) {
    await sleep(100);
  }
  const [latest, one] = await ledger(server);
  assert.equal(latest?.streamedBytes, 1000);
  assert.deepEqual([one?.version, one?.requests], ['1', 0]);
  const mostGbSeconds = 10 * 0.125;
  assert.ok(one && one.allocatedGbSeconds > 0 && one.allocatedGbSeconds < mostGbSeconds, `${one?.allocatedGbSeconds}`);
});

test('a function hears of a budget that is reached, once', async () => {
  await using first = await startServer();
  const client = lambdaClient(first.endpoint);
  await createFunction(client, {
    name: FunctionName,
    zip: nodePackage(`exports.handler = (event) => console.log('heard', JSON.stringify(event.detail));`),
  });
  await provisioned(client);
  await sleep(6_000);
  await first.stop();
  const budget = [
    '--budget',
    '0.000001,1000',
    '--budget-notify',
    `arn:aws:lambda:us-east-1:000000000000:function:${FunctionName}`,
  ];
  for (let round = 0; round < 2; round += 1) {
    await using server = await startServer({ dataDir: first.dataDir, flags: budget });
    for (let tries = 0; tries < 100 && (await heard(server)).length === 0; tries += 1) await sleep(50);
    const events = await heard(server);
    assert.deepEqual(
      events.map(({ budget }) => budget),
      [0.000001],
    );
    assert.equal(/AWS would have charged as much as the budget/.test(server.log()), round === 0);
  }
});

async function heard({ endpoint }: Server): Promise<{ budget?: number }[]> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new CloudWatchLogsClient({ endpoint, region: 'us-east-1', credentials });
  const found: { budget?: number }[] = [];
  const query = { logGroupName: `/aws/lambda/${FunctionName}`, filterPattern: 'heard' };
  try {
    for await (const page of paginateFilterLogEvents({ client }, query)) {
      for (const { message = '' } of page.events ?? [])
        found.push(JSON.parse(message.slice(message.indexOf('heard ') + 6)));
    }
  } catch (error) {
    // Nothing has run yet, and there is no log.
    assert.equal(Error.isError(error) && error.name, 'ResourceNotFoundException');
  }
  return found;
}
