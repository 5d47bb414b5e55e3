import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateEventSourceMappingRequest, UpdateEventSourceMappingRequest } from '@aws-sdk/client-lambda';
import { deferred } from '../../../base/deferred.ts';
import { invalidParameterValue } from '../../model/errors.ts';
import { awsError } from '../../model/expected-error.ts';
import { arnOf, contextOf, create, createFixture } from '../fixture.ts';

const queue = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

async function world() {
  const fixture = createFixture();
  await create(fixture);
  await fixture.settle();
  const { table } = fixture;
  const at = (operation: string) => contextOf(operation);
  return {
    ...fixture,
    map: async (input: Partial<CreateEventSourceMappingRequest> = {}) =>
      table.CreateEventSourceMapping.handle(
        { FunctionName: 'hello', EventSourceArn: queue('q'), ...input },
        at('CreateEventSourceMapping'),
      ),
    get: async (UUID?: string) => table.GetEventSourceMapping.handle({ UUID }, at('GetEventSourceMapping')),
    update: async (input: UpdateEventSourceMappingRequest) =>
      table.UpdateEventSourceMapping.handle(input, at('UpdateEventSourceMapping')),
    unmap: async (UUID?: string) => table.DeleteEventSourceMapping.handle({ UUID }, at('DeleteEventSourceMapping')),
    list: async (input: { FunctionName?: string; EventSourceArn?: string; Marker?: string; MaxItems?: number } = {}) =>
      table.ListEventSourceMappings.handle(input, at('ListEventSourceMappings')),
  };
}

test('CreateEventSourceMapping answers Creating with the defaults, and it becomes Enabled', async () => {
  const { map, get, settle, readers } = await world();
  const created = await map();
  const { UUID, LastModified, ...rest } = created;
  assert.match(UUID ?? '', /^[0-9a-f-]{36}$/);
  assert.ok(LastModified instanceof Date);
  assert.deepEqual(JSON.parse(JSON.stringify(rest)), {
    BatchSize: 10,
    MaximumBatchingWindowInSeconds: 0,
    EventSourceArn: queue('q'),
    EventSourceMappingArn: `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${UUID}`,
    FunctionArn: arnOf('hello'),
    FunctionResponseTypes: [],
    State: 'Creating',
    StateTransitionReason: 'USER_INITIATED',
  });
  await settle();
  assert.equal((await get(UUID)).State, 'Enabled');
  assert.deepEqual(readers.asked, ['start hello 10']);
});

test('a stream says User action and what was processed; what has no reader says so and is kept', async () => {
  const { map, get, settle, readers } = await world();
  readers.hindrance = 'nothing reads it';
  const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';
  const timestamp = new Date(Date.UTC(2026, 0, 1));
  const created = await map({
    EventSourceArn: arn,
    StartingPosition: 'AT_TIMESTAMP',
    StartingPositionTimestamp: timestamp,
  });
  assert.deepEqual(
    [created.StateTransitionReason, created.LastProcessingResult, created.StartingPositionTimestamp],
    ['User action', 'No records processed', timestamp],
  );
  await settle();
  const { State, StateTransitionReason } = await get(created.UUID);
  assert.deepEqual([State, StateTransitionReason], ['Enabled', 'nothing reads it']);
});

test('a mapping created disabled is not read until it is enabled, and not after it is disabled', async () => {
  const { map, get, update, settle, readers } = await world();
  const { UUID } = await map({ Enabled: false });
  await settle();
  assert.equal((await get(UUID)).State, 'Disabled');
  assert.equal((await update({ UUID, Enabled: true })).State, 'Enabling');
  await settle();
  assert.equal((await get(UUID)).State, 'Enabled');
  assert.equal((await update({ UUID, BatchSize: 3 })).State, 'Updating');
  await settle();
  assert.equal((await update({ UUID, Enabled: false })).State, 'Disabling');
  await settle();
  assert.equal((await get(UUID)).State, 'Disabled');
  assert.deepEqual(readers.asked, ['stop', 'start hello 10', 'start hello 3', 'stop']);
});

test('while something is under way nothing else is taken, and Deleting ends when the reading has', async () => {
  const { map, get, update, unmap, settle, readers } = await world();
  const creating = deferred<void>();
  readers.stopping = () => creating.promise;
  const { UUID } = await map({ Enabled: false });
  const busy = (action: string) =>
    awsError(400, 'ResourceInUseException', `Cannot ${action} the event source mapping because it is in use.`);
  await assert.rejects(update({ UUID, BatchSize: 1 }), busy('update'));
  await assert.rejects(unmap(UUID), busy('delete'));
  creating.resolve();
  await settle();
  const gate = deferred<void>();
  readers.stopping = () => gate.promise;
  assert.equal((await unmap(UUID)).State, 'Deleting');
  assert.equal((await get(UUID)).State, 'Deleting');
  await assert.rejects(map(), awsError(409, 'ResourceConflictException', /already exists/));
  gate.resolve();
  await settle();
  await assert.rejects(
    get(UUID),
    awsError(404, 'ResourceNotFoundException', 'The resource you requested does not exist.'),
  );
  assert.equal((await map()).State, 'Creating');
});

test('one source and one function have one mapping; an alias and a topic are others', async () => {
  const { map, settle, table } = await world();
  await table.PublishVersion.handle({ FunctionName: 'hello' }, contextOf('PublishVersion'));
  const alias = { FunctionName: 'hello', Name: 'live', FunctionVersion: '1' };
  await table.CreateAlias.handle(alias, contextOf('CreateAlias'));
  const { UUID } = await map();
  await settle();
  await assert.rejects(
    map({ FunctionName: arnOf('hello') }),
    awsError(
      409,
      'ResourceConflictException',
      `An event source mapping with SQS arn (" ${queue('q')} ") and function (" hello ") already exists. Please update or delete the existing mapping with UUID ${UUID}`,
    ),
  );
  assert.equal((await map({ FunctionName: 'hello:live' })).FunctionArn, arnOf('hello:live'));
  const stream = {
    EventSourceArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/s',
    StartingPosition: 'LATEST',
  } as const;
  await map(stream);
  await assert.rejects(
    map(stream),
    awsError(
      409,
      'ResourceConflictException',
      /^The event source arn \(" arn:aws:kinesis.* "\) and function \(" hello "\) provided/,
    ),
  );
  const kafka = (...Topics: string[]) => ({
    EventSourceArn: undefined,
    SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['kafka:1000'] } },
    SourceAccessConfigurations: [],
    StartingPosition: 'LATEST' as const,
    Topics,
  });
  await map(kafka('topic'));
  await map(kafka('other'));
  await assert.rejects(
    map(kafka('topic')),
    awsError(
      409,
      'ResourceConflictException',
      /^An event source mapping with event source \("kafka:1000"\), function \("arn:.*:hello"\), topics \("topic"\) already exists\./,
    ),
  );
});

test('UpdateEventSourceMapping moves a mapping to another function, where it must be the only one', async () => {
  const fixture = await world();
  const { map, update, settle } = fixture;
  await create(fixture, { FunctionName: 'other' });
  const { UUID } = await map();
  const elsewhere = await map({ FunctionName: 'other' });
  await settle();
  await assert.rejects(
    update({ UUID, FunctionName: 'other' }),
    awsError(409, 'ResourceConflictException', new RegExp(`${elsewhere.UUID}$`)),
  );
  await fixture.unmap(elsewhere.UUID);
  await settle();
  assert.equal((await update({ UUID, FunctionName: 'other' })).FunctionArn, arnOf('other'));
  await settle();
  assert.equal((await map()).State, 'Creating', 'the place at the first function is free again');
});

test('a mapping outlives its function', async () => {
  const { map, get, settle, table } = await world();
  const { UUID } = await map();
  await settle();
  await table.DeleteFunction.handle({ FunctionName: 'hello' }, contextOf('DeleteFunction'));
  assert.equal((await get(UUID)).FunctionArn, arnOf('hello'));
});

test('what is wrong with a function, a source or a filter is said before anything is kept', async () => {
  const { map, list, readers } = await world();
  const invalid = (message: string) => awsError(400, 'InvalidParameterValueException', message);
  await assert.rejects(map({ FunctionName: 'nobody' }), invalid('Function does not exist'));
  await assert.rejects(map({ FunctionName: 'hello:7' }), invalid('Function does not exist'));
  const filters = { FilterCriteria: { Filters: [{ Pattern: '{' }] } };
  await assert.rejects(map(filters), invalid('Invalid filter pattern definition.'));
  readers.check = async (_, timeoutSeconds) => {
    throw invalidParameterValue(`no such queue for ${timeoutSeconds} seconds`);
  };
  await assert.rejects(map(), invalid('no such queue for 3 seconds'));
  assert.deepEqual((await list()).EventSourceMappings, []);
});

test('ListEventSourceMappings by function, by source, by both, page by page', async () => {
  const fixture = await world();
  const { map, list } = fixture;
  await create(fixture, { FunctionName: 'other' });
  for (let n = 0; n < 3; n += 1) await map({ EventSourceArn: queue(`q${n}`) });
  await map({ FunctionName: 'other', EventSourceArn: queue('q0') });
  const count = async (input: Parameters<typeof list>[0]) => (await list(input)).EventSourceMappings?.length;
  assert.equal(await count({}), 4);
  assert.equal(await count({ FunctionName: 'hello' }), 3);
  assert.equal(await count({ FunctionName: arnOf('hello') }), 3);
  assert.equal(await count({ FunctionName: 'hello:live' }), 0);
  assert.equal(await count({ EventSourceArn: queue('q0') }), 2);
  assert.equal(await count({ EventSourceArn: queue('q0'), FunctionName: 'other' }), 1);
  const first = await list({ FunctionName: 'hello', MaxItems: 2 });
  const second = await list({ FunctionName: 'hello', MaxItems: 2, Marker: first.NextMarker });
  assert.deepEqual([first.EventSourceMappings?.length, second.EventSourceMappings?.length], [2, 1]);
  assert.equal(second.NextMarker, undefined);
});

test('a mapping carries tags', async () => {
  const { map, settle, table } = await world();
  const { EventSourceMappingArn: Resource } = await map({ Tags: { a: '1' } });
  const tags = async () => (await table.ListTags.handle({ Resource }, contextOf('ListTags'))).Tags;
  await table.TagResource.handle({ Resource, Tags: { b: '2' } }, contextOf('TagResource'));
  await settle();
  assert.deepEqual(await tags(), { a: '1', b: '2' });
  await table.UntagResource.handle({ Resource, TagKeys: ['a', 'z'] }, contextOf('UntagResource'));
  assert.deepEqual(await tags(), { b: '2' });
});
