/**
 * Every operation of the model, through the SDK: with good input and with the bad input that the reference names
 * (lambda-semantics 1), or, where it is not there, with its name in the refusal.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { AnyTable } from '../../src/aws/operation.ts';
import { serviceTables } from '../../tools/compatibility.ts';
import { lambdaClient } from '../harness/client.ts';
import { type Server, startServer } from '../harness/server.ts';
import { codeSigning, layers, mappings } from './control-plane/alone.ts';
import { deletion, functions, updated, versionsAndAliases } from './control-plane/functions.ts';
import { policies } from './control-plane/policies.ts';
import { concurrency, eventInvokeConfig, runtimeAndRecursion, tags, urls } from './control-plane/settings.ts';
import { type Operation, send, Visits } from './control-plane/visits.ts';

let server: Server;
let visits: Visits;

before(async () => {
  server = await startServer();
  visits = new Visits(lambdaClient(server.endpoint));
});
after(() => server[Symbol.asyncDispose]());

// In this order: each goes on with what the ones before it have made.
test('functions', () => functions(visits));
test('versions and aliases', () => versionsAndAliases(visits));
test('resource policies', () => policies(visits));
test('reserved and provisioned concurrency', () => concurrency(visits));
test('asynchronous invocation is configured', () => eventInvokeConfig(visits));
test('function URLs', () => urls(visits));
test('runtime management and recursion', () => runtimeAndRecursion(visits));
test('tags', () => tags(visits));
test('layers', async () => {
  await layers(visits);
  await updated(visits, 'all');
});
test('code signing configurations', () => codeSigning(visits));
test('event source mappings', () => mappings(visits, server.endpoint));
test('deletion', () => deletion(visits));

test('every operation of the model is a row, and each row was visited or refuses by its name', async () => {
  const table = await lambdaTable();
  const model: { operations: Record<string, unknown> } = JSON.parse(
    readFileSync(new URL('../../src/aws/models/lambda.json', import.meta.url), 'utf8'),
  );
  const names = Object.keys(model.operations).sort() as Operation[]; // the types are made from the same model
  assert.deepEqual(Object.keys(table).sort(), names);
  const working = names.filter((name) => !('unsupported' in (table[name] ?? {})));
  const streaming: Operation[] = ['InvokeWithResponseStream'];
  const here = working.filter((name) => !streaming.includes(name));
  assert.deepEqual(
    here.filter((name) => !visits.answered.has(name)),
    [],
    'never answered',
  );
  assert.deepEqual(
    here.filter((name) => !visits.refused.has(name) && name !== 'GetAccountSettings'),
    [],
    'never refused',
  );
  for (const name of names.filter((each) => !working.includes(each))) await refusesByName(name);
});

async function refusesByName(name: Operation): Promise<void> {
  // Whatever a path may need; the refusal comes before the input is looked at.
  const anything = {
    FunctionName: 'all',
    Qualifier: '1',
    CapacityProviderName: 'c',
    DurableExecutionArn: 'd',
    CallbackId: 'c',
    CheckpointToken: 't',
  };
  const input: object = anything;
  const error = await send(visits.client, name, input as never).then(
    () => undefined,
    (refusal: unknown) => refusal,
  );
  assert.ok(error instanceof Error, `${name} was answered`);
  assert.ok(error.message.includes(name), `${name}: ${error.message}`);
}

async function lambdaTable(): Promise<AnyTable> {
  const found = (await serviceTables()).find(({ service }) => service === 'lambda');
  assert.ok(found);
  return found.table;
}
