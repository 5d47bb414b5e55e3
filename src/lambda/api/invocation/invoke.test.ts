import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InvocationRequest } from '@aws-sdk/client-lambda';
import type { RequestContext } from '../../../aws/operation.ts';
import { awsError } from '../../model/expected-error.ts';
import { arnOf, contextOf, create, createFixture } from '../fixture.ts';

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
const traced = /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/;

async function active() {
  const fixture = createFixture();
  await create(fixture);
  await fixture.settle();
  const invoke = async (input: Partial<InvocationRequest> = {}, overrides: Partial<RequestContext> = {}) =>
    fixture.table.Invoke.handle({ FunctionName: 'hello', ...input }, contextOf('Invoke', overrides));
  return { ...fixture, fixture, invoke };
}

test('Invoke answers the bytes of the function, its version and no error', async () => {
  const { invoke, next, invocations, functions } = await active();
  next.result = { kind: 'success', payload: Buffer.from('{"a": 1}') };
  const payload = Buffer.from('{ "key" : [1, 2] }');
  const context = contextOf('Invoke');
  const answer = await invoke({ Payload: payload }, context);
  assert.deepEqual(answer, {
    StatusCode: 200,
    ExecutedVersion: '$LATEST',
    Payload: Buffer.from('{"a": 1}'),
    FunctionError: undefined,
    LogResult: undefined,
  });
  const [request] = invocations;
  assert.equal(request?.payload, payload);
  assert.equal(request.requestId, context.requestId);
  assert.equal(request.invokedArn, arnOf('hello'));
  assert.equal(request.logTail, false);
  assert.equal(request.version, functions.get({ ...request.version })?.serving);
  assert.match(context.responseHeaders['X-Amzn-Trace-Id'] ?? '', traced);
  assert.equal(request.traceHeader, context.responseHeaders['X-Amzn-Trace-Id']);
});

test('Invoke answers 200 with Unhandled and the end of the log for a function that failed', async () => {
  const { invoke, next, invocations } = await active();
  const payload = Buffer.from('{"errorType":"Error"}');
  next.result = { kind: 'function-error', payload, logTail: Buffer.from('END\n') };
  const answer = await invoke({ LogType: 'Tail' });
  assert.deepEqual(
    [answer.StatusCode, answer.FunctionError, answer.Payload, answer.LogResult],
    [200, 'Unhandled', payload, 'RU5ECg=='],
  );
  assert.equal(invocations[0]?.logTail, true);
});

test('Invoke without a payload gives the function {}', async () => {
  const { invoke, invocations } = await active();
  await invoke();
  await invoke({ Payload: new Uint8Array() });
  assert.deepEqual(
    invocations.map(({ payload }) => payload.toString()),
    ['{}', '{}'],
  );
});

test('Invoke names the function as the caller qualified it', async () => {
  const { invoke, invocations } = await active();
  await invoke({ Qualifier: '$LATEST' });
  assert.equal(invocations[0]?.invokedArn, arnOf('hello:$LATEST'));
});

test('Invoke hands the client context on as JSON text', async () => {
  const { invoke, invocations } = await active();
  await invoke({ ClientContext: base64({ custom: { a: 'b' } }) });
  assert.equal(invocations[0]?.clientContext, '{"custom":{"a":"b"}}');
});

test("Invoke keeps the caller's trace root and lineage, and replaces what is no trace header", async () => {
  const { invoke, invocations } = await active();
  const root = 'Root=1-5759e988-bd862e3fe1be46a994272793';
  const headers = { 'x-amzn-trace-id': `${root};Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a:0|b:1` };
  await invoke({}, { headers });
  assert.match(
    invocations[0]?.traceHeader ?? '',
    /^Root=1-5759e988-bd862e3fe1be46a994272793;Parent=[0-9a-f]{16};Sampled=1;Lineage=a:0\|b:1$/,
  );
  assert.doesNotMatch(invocations[0]?.traceHeader ?? '', /53995c3f42cd8ad8/);
  await invoke({}, { headers: { 'x-amzn-trace-id': 'Root=1-x\r\nSet-Cookie: a' } });
  assert.match(invocations[1]?.traceHeader ?? '', traced);
});

test('Invoke with Event keeps the event before it answers 202, and runs nothing', async () => {
  const { invoke, async, counts, invocations, clock } = await active();
  const kept: number[] = [];
  const add = async.add.bind(async);
  async.add = async (event) => {
    await new Promise((resolve) => setImmediate(resolve));
    await add(event);
    kept.push(counts.accepted);
  };
  const answer = await invoke({ InvocationType: 'Event', Payload: Buffer.from('[1]'), Qualifier: '$LATEST' });
  assert.deepEqual(answer, { StatusCode: 202 });
  const [event] = async.events;
  assert.match(event?.traceHeader ?? '', traced);
  assert.deepEqual(
    { ...event, payload: event?.payload.toString(), traceHeader: '' },
    {
      id: contextOf('Invoke').requestId,
      accountId: '000000000000',
      region: 'us-east-1',
      functionName: 'hello',
      qualifier: '$LATEST',
      payload: '[1]',
      traceHeader: '',
      callerTrace: '',
      acceptedAt: clock.now(),
      attempts: 0,
      nextAttemptAt: clock.now(),
    },
  );
  assert.deepEqual([kept, counts.accepted], [[0], 1]);
  assert.deepEqual(invocations, []);
});

test('Invoke with Event fails when the event cannot be kept', async () => {
  const { invoke, async, counts } = await active();
  async.add = () => Promise.reject(new Error('disk full'));
  await assert.rejects(invoke({ InvocationType: 'Event' }), /disk full/);
  assert.equal(counts.accepted, 0);
});

test('Invoke with DryRun answers 204 and runs nothing', async () => {
  const { invoke, invocations, async } = await active();
  assert.deepEqual(await invoke({ InvocationType: 'DryRun' }), { StatusCode: 204 });
  assert.deepEqual([invocations, async.events], [[], []]);
});

test('during an update the old snapshot is invoked', async () => {
  const { invoke, table, invocations } = await active();
  await table.UpdateFunctionConfiguration.handle(
    { FunctionName: 'hello', MemorySize: 512 },
    contextOf('UpdateFunctionConfiguration'),
  );
  await invoke();
  assert.equal(invocations[0]?.version.configuration.memorySizeMb, 128);
});

test('Invoke of a function that is Pending or Failed answers 409 with its state, whatever the type', async () => {
  const { fixture, table, code, settle } = await active();
  const invoke = async (InvocationType: InvocationRequest['InvocationType']) =>
    table.Invoke.handle({ FunctionName: 'second', InvocationType }, contextOf('Invoke'));
  const refused = (state: string) =>
    awsError(
      409,
      'ResourceConflictException',
      `The operation cannot be performed at this time. The function is currently in the following state: ${state}`,
    );
  await create(fixture, { FunctionName: 'second' });
  await assert.rejects(invoke('RequestResponse'), refused('Pending'));
  await assert.rejects(invoke('Event'), refused('Pending'));
  code.unpacking = () => Promise.reject(new Error('ENOSPC'));
  await settle();
  await assert.rejects(invoke('RequestResponse'), refused('Failed'));
});

test('Invoke answers 429 with the reason when there is no place', async () => {
  const { invoke, next } = await active();
  next.result = { kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded' };
  await assert.rejects(invoke(), (error: { members?: unknown }) => {
    assert.deepEqual(error.members, { Reason: 'ConcurrentInvocationLimitExceeded' });
    return awsError(429, 'TooManyRequestsException', 'Rate Exceeded.')(error);
  });
});

test('Invoke answers ServiceException when this server cannot run it', async () => {
  const { invoke, next } = await active();
  next.result = { kind: 'unavailable', message: 'Cannot start an environment: the server is stopping' };
  await assert.rejects(invoke(), awsError(500, 'ServiceException', /the server is stopping$/));
});

/** A JSON string that takes exactly `bytes`. */
const jsonOf = (bytes: number) => Buffer.concat([Buffer.from('"'), Buffer.alloc(bytes - 2, 'x'), Buffer.from('"')]);

test('Invoke takes 6,291,556 bytes, and 1,048,576 as an event', async () => {
  const { invoke, invocations, async } = await active();
  await invoke({ Payload: jsonOf(6_291_556) });
  await invoke({ Payload: jsonOf(1_048_576), InvocationType: 'Event' });
  assert.equal(invocations[0]?.payload.byteLength, 6_291_556);
  assert.equal(async.events[0]?.payload.byteLength, 1_048_576);
});

const tooLarge = (message: string) => awsError(413, 'RequestEntityTooLargeException', message);
const badContent = (message: RegExp) => awsError(400, 'InvalidRequestContentException', message);
const notJson = badContent(/^Could not parse request body into json: Could not parse payload into json: ./);

const refusals: [title: string, input: Partial<InvocationRequest>, error: (error: unknown) => boolean][] = [
  [
    'a large payload',
    { Payload: jsonOf(6_291_557) },
    tooLarge('6291557 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)'),
  ],
  [
    'a large event',
    { Payload: jsonOf(1_048_577), InvocationType: 'Event' },
    tooLarge('1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)'),
  ],
  ['half a JSON', { Payload: Buffer.from('{"a":') }, notJson],
  ['half a JSON as an event', { Payload: Buffer.from('{"a":'), InvocationType: 'Event' }, notJson],
  ['half a JSON as a dry run', { Payload: Buffer.from('{"a":'), InvocationType: 'DryRun' }, notJson],
  ['white space alone', { Payload: Buffer.from(' ') }, notJson],
  ['JSON that is not UTF-8', { Payload: Buffer.from([0x22, 0xff, 0x22]) }, notJson],
  ['a client context that is no JSON', { ClientContext: 'aGVsbG8=' }, badContent(/valid Base64-encoded JSON object/)],
  ['a client context that is no object', { ClientContext: base64([1]) }, badContent(/JSON object/)],
  ['a client context that is no base64', { ClientContext: '{"a":1}' }, badContent(/JSON object/)],
  ['a client context of 3,584 bytes', { ClientContext: base64('x'.repeat(2686)) }, badContent(/more than 3583 bytes/)],
  [
    'another qualifier',
    { Qualifier: '1' },
    awsError(404, 'ResourceNotFoundException', `Function not found: ${arnOf('hello:1')}`),
  ],
  ['a durable execution', { DurableExecutionName: 'a' }, awsError(400, 'InvalidParameterValueException', /durable/)],
  ['a tenant', { TenantId: 'a' }, awsError(400, 'InvalidParameterValueException', /tenant/)],
];

for (const [title, input, error] of refusals) {
  test(`Invoke refuses ${title}`, async () => {
    const { invoke, invocations, async } = await active();
    await assert.rejects(invoke(input), error);
    assert.deepEqual([invocations, async.events], [[], []]);
  });
}
