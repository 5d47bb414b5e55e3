/** Reserved and provisioned concurrency through the official JavaScript SDK: stored, and enforced. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateAliasCommand,
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionRecursionConfigCommand,
  GetProvisionedConcurrencyConfigCommand,
  type LambdaClient,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionRecursionConfigCommand,
  PutProvisionedConcurrencyConfigCommand,
  TooManyRequestsException,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { createFunction, invoke, lambdaClient } from '../harness/client.ts';
import { nodePackage } from '../harness/packages.ts';
import { startServer } from '../harness/server.ts';

const slow = nodePackage(`exports.handler = ({ ms = 0 }) => new Promise((done) => setTimeout(done, ms, 'done'));`);

function reserve(client: LambdaClient, places: number) {
  const input = { FunctionName: 'slow', ReservedConcurrentExecutions: places };
  return client.send(new PutFunctionConcurrencyCommand(input));
}

/** How each of so many invocations at once ended. */
async function together(client: LambdaClient, count: number): Promise<string[]> {
  const calls = Array.from({ length: count }, () => invoke(client, 'slow', { ms: 300 }));
  const results = await Promise.allSettled(calls);
  return results.map((result) => {
    if (result.status === 'fulfilled') return String(result.value.payload);
    assert.ok(result.reason instanceof TooManyRequestsException, String(result.reason));
    return result.reason.Reason ?? '';
  });
}

test('a reservation is a cap, also after kill -9, and nothing of it is left when it goes', async () => {
  await using first = await startServer();
  const client = lambdaClient(first.endpoint);
  await createFunction(client, { name: 'slow', zip: slow });
  await reserve(client, 2);
  const capped = [...Array(2).fill('done'), ...Array(3).fill('ReservedFunctionConcurrentInvocationLimitExceeded')];
  assert.deepEqual((await together(client, 5)).sort().reverse(), capped);
  await first.kill9();
  await using second = await startServer({ dataDir: first.dataDir });
  const again = lambdaClient(second.endpoint);
  const kept = await again.send(new GetFunctionConcurrencyCommand({ FunctionName: 'slow' }));
  assert.equal(kept.ReservedConcurrentExecutions, 2);
  assert.deepEqual((await together(again, 5)).sort().reverse(), capped);
  await reserve(again, 0);
  assert.deepEqual(await together(again, 1), ['ReservedFunctionConcurrentInvocationLimitExceeded']);
  await again.send(new DeleteFunctionConcurrencyCommand({ FunctionName: 'slow' }));
  assert.deepEqual(await together(again, 5), Array(5).fill('done'));
});

const told = (text: string) =>
  nodePackage(
    `const made = Date.now();
     exports.handler = () => ({ kind: process.env.AWS_LAMBDA_INITIALIZATION_TYPE, made, text: '${text}' });`,
  );

/** Waits until it is no longer in progress. */
async function provisionedState(client: LambdaClient) {
  const input = { FunctionName: 'ahead', Qualifier: 'live' };
  for (let tries = 0; tries < 300; tries += 1) {
    const state = await client.send(new GetProvisionedConcurrencyConfigCommand(input));
    if (state.Status !== 'IN_PROGRESS') return state;
    await sleep(50);
  }
  throw new Error('provisioned concurrency stayed in progress');
}

async function runs(client: LambdaClient): Promise<Record<string, unknown>> {
  const { payload } = await invoke(client, 'ahead', {}, { Qualifier: 'live' });
  assert.ok(typeof payload === 'object' && payload !== null);
  return { ...payload };
}

test('environments are made ahead, also after kill -9, and follow the alias', async () => {
  await using first = await startServer();
  const client = lambdaClient(first.endpoint);
  const FunctionName = 'ahead';
  await createFunction(client, { name: FunctionName, zip: told('one') });
  await client.send(new PublishVersionCommand({ FunctionName }));
  await client.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
  const wanted = { FunctionName, Qualifier: 'live', ProvisionedConcurrentExecutions: 2 };
  const asked = await client.send(new PutProvisionedConcurrencyConfigCommand(wanted));
  assert.deepEqual([asked.$metadata.httpStatusCode, asked.Status], [202, 'IN_PROGRESS']);
  const ready = { Status: 'READY', AllocatedProvisionedConcurrentExecutions: 2 };
  assert.partialDeepStrictEqual(await provisionedState(client), ready);
  const before = Date.now();
  const { kind, made } = await runs(client);
  assert.ok(kind === 'provisioned-concurrency' && Number(made) <= before, `${kind}, made at ${made}`);
  await client.send(new PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop: 'Allow' }));
  await first.kill9();

  await using second = await startServer({ dataDir: first.dataDir });
  const again = lambdaClient(second.endpoint);
  assert.partialDeepStrictEqual(await provisionedState(again), ready);
  assert.partialDeepStrictEqual(await runs(again), { kind: 'provisioned-concurrency', text: 'one' });
  const loop = await again.send(new GetFunctionRecursionConfigCommand({ FunctionName }));
  assert.equal(loop.RecursiveLoop, 'Allow');
  await again.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: told('two') }));
  await waitUntilFunctionUpdatedV2({ client: again, maxWaitTime: 30, minDelay: 0.05, maxDelay: 0.5 }, { FunctionName });
  await again.send(new PublishVersionCommand({ FunctionName }));
  await again.send(new UpdateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '2' }));
  assert.partialDeepStrictEqual(await provisionedState(again), ready);
  assert.partialDeepStrictEqual(await runs(again), { kind: 'provisioned-concurrency', text: 'two' });
});

test('a function that cannot be initialised, and a machine that is too small, are told as such', async () => {
  await using server = await startServer({ flags: ['--memory-budget', '512MB'] });
  const client = lambdaClient(server.endpoint);
  const FunctionName = 'ahead';
  await createFunction(client, { name: FunctionName, zip: nodePackage("throw new Error('never')") });
  await client.send(new PublishVersionCommand({ FunctionName }));
  await client.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
  const ask = (ProvisionedConcurrentExecutions: number) =>
    client.send(
      new PutProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: 'live', ProvisionedConcurrentExecutions }),
    );
  await ask(1);
  const failed = { Status: 'FAILED', StatusReason: 'FUNCTION_ERROR_INIT_FAILURE' };
  assert.partialDeepStrictEqual(await provisionedState(client), failed);
  await ask(100);
  const { StatusReason } = await provisionedState(client);
  assert.match(StatusReason ?? '', /512 MB on this server/);
});
