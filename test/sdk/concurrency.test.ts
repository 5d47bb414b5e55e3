/** Reserved concurrency through the official JavaScript SDK: stored, and enforced. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  type LambdaClient,
  PutFunctionConcurrencyCommand,
  TooManyRequestsException,
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
