import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PutFunctionEventInvokeConfigRequest } from '@aws-sdk/client-lambda';
import { awsError } from '../../model/expected-error.ts';
import { ownedKey, put } from '../../model/resources.ts';
import { arnOf, contextOf, create, createFixture } from '../fixture.ts';

type Input = Partial<PutFunctionEventInvokeConfigRequest>;

async function scene() {
  const fixture = createFixture();
  await create(fixture);
  await fixture.settle();
  const alias = {
    name: 'live',
    functionVersion: '$LATEST',
    description: '',
    additionalVersionWeights: {},
    revisionId: 'r',
  };
  const hello = { accountId: '000000000000', region: 'us-east-1', name: 'hello' };
  await fixture.resources.write([put('alias', ownedKey(hello, 'live'), alias)]);
  const { table } = fixture;
  const request = (input: Input) => ({ FunctionName: 'hello', ...input });
  const context = contextOf('PutFunctionEventInvokeConfig');
  return {
    fixture,
    put: async (input: Input) => table.PutFunctionEventInvokeConfig.handle(request(input), context),
    update: async (input: Input) => table.UpdateFunctionEventInvokeConfig.handle(request(input), context),
    get: async (input: Input = {}) => table.GetFunctionEventInvokeConfig.handle(request(input), context),
    remove: async (input: Input = {}) => table.DeleteFunctionEventInvokeConfig.handle(request(input), context),
    list: async (input: { Marker?: string; MaxItems?: number } = {}) =>
      table.ListFunctionEventInvokeConfigs.handle({ FunctionName: 'hello', ...input }, context),
  };
}

const toQueue = 'arn:aws:sqs:us-east-1:000000000000:failed';
const toFunction = 'arn:aws:lambda:us-east-1:000000000000:function:other';

test('Put replaces everything, Update what is given; numbers that are not set are absent', async () => {
  const { fixture, put, update, get } = await scene();
  const first = await put({ MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination: toQueue } } });
  assert.deepEqual(first, {
    LastModified: new Date(fixture.clock.now()),
    FunctionArn: `${arnOf('hello')}:$LATEST`,
    MaximumRetryAttempts: 0,
    MaximumEventAgeInSeconds: undefined,
    DestinationConfig: { OnSuccess: {}, OnFailure: { Destination: toQueue } },
  });
  assert.deepEqual(await get(), first);
  const second = await update({
    MaximumEventAgeInSeconds: 60,
    DestinationConfig: { OnSuccess: { Destination: toFunction } },
  });
  assert.partialDeepStrictEqual(second, {
    MaximumRetryAttempts: 0,
    MaximumEventAgeInSeconds: 60,
    DestinationConfig: { OnSuccess: { Destination: toFunction }, OnFailure: { Destination: toQueue } },
  });
  const third = await update({ DestinationConfig: { OnFailure: {} } });
  assert.deepEqual(third.DestinationConfig, { OnSuccess: { Destination: toFunction }, OnFailure: {} });
  const fourth = await put({ MaximumRetryAttempts: 1 });
  assert.equal(fourth.MaximumEventAgeInSeconds, undefined);
  assert.deepEqual(fourth.DestinationConfig, { OnSuccess: {}, OnFailure: {} });
});

test('each qualifier has its own, and lists give them page by page', async () => {
  const { put, get, list, remove } = await scene();
  await put({ MaximumRetryAttempts: 1 });
  await put({ MaximumRetryAttempts: 0, Qualifier: 'live' });
  assert.equal((await get({ FunctionName: 'hello:live' })).FunctionArn, `${arnOf('hello')}:live`);
  const page = await list({ MaxItems: 1 });
  const rest = await list({ Marker: page.NextMarker });
  assert.deepEqual(
    [...(page.FunctionEventInvokeConfigs ?? []), ...(rest.FunctionEventInvokeConfigs ?? [])].map((one) => [
      one.FunctionArn,
      one.MaximumRetryAttempts,
    ]),
    [
      [`${arnOf('hello')}:$LATEST`, 1],
      [`${arnOf('hello')}:live`, 0],
    ],
  );
  assert.equal(rest.NextMarker, undefined);
  await remove({ Qualifier: 'live' });
  const missing = awsError(
    404,
    'ResourceNotFoundException',
    `The function ${arnOf('hello')}:live doesn't have an EventInvokeConfig`,
  );
  for (const operation of [remove, get]) await assert.rejects(operation({ Qualifier: 'live' }), missing);
  assert.equal((await get()).MaximumRetryAttempts, 1);
});

test('what cannot be is refused in AWS words', async () => {
  const { put, update } = await scene();
  const to = (OnSuccess: string | undefined, OnFailure?: string) => ({
    DestinationConfig: {
      ...(OnSuccess && { OnSuccess: { Destination: OnSuccess } }),
      ...(OnFailure && { OnFailure: { Destination: OnFailure } }),
    },
  });
  const invalid = (message: string) => awsError(400, 'InvalidParameterValueException', message);
  await assert.rejects(put({}), invalid('You must specify at least one of error handling or destination setting.'));
  await assert.rejects(
    put({ DestinationConfig: {} }),
    invalid('You must specify at least one of error handling or destination setting.'),
  );
  const itself = invalid("You can't specify the function as a destination for itself.");
  await assert.rejects(put(to(arnOf('hello'))), itself);
  await assert.rejects(put(to(undefined, `${arnOf('hello')}:live`)), itself);
  const missing = awsError(404, 'ResourceNotFoundException', /doesn't have an EventInvokeConfig$/);
  await assert.rejects(update({ MaximumRetryAttempts: 1 }), missing);
  for (const [qualifier, name] of [
    ['no', 'hello'],
    ['7', 'hello'],
    [undefined, 'nobody'],
  ]) {
    const refused = awsError(404, 'ResourceNotFoundException', /^Function not found: /);
    await assert.rejects(put({ FunctionName: name, Qualifier: qualifier, MaximumRetryAttempts: 1 }), refused);
  }
  const fifo = `${toQueue}.fifo`;
  for (const [success, failure] of [
    [fifo, undefined],
    ['arn:aws:s3:::bucket', undefined],
    [undefined, 'arn:aws:dynamodb:us-east-1:000000000000:table/t'],
    [undefined, 'arn:aws:lambda:eu-west-1:000000000000:function:other'],
    [toQueue, 'arn:aws:lambda:us-east-1:111111111111:function:other'],
  ]) {
    const printed = (kind: string, arn: string | undefined) => (arn ? `${kind}(destination=${arn})` : 'null');
    await assert.rejects(
      put(to(success, failure)),
      invalid(
        `The provided destination config DestinationConfig(onSuccess=${printed('OnSuccess', success)}, onFailure=${printed('OnFailure', failure)}) is invalid.`,
      ),
    );
  }
  for (const arn of [
    'arn:aws:s3:::bucket',
    'arn:aws:events:us-east-1:000000000000:event-bus/default',
    'arn:aws:sns:us-east-1:000000000000:t',
  ]) {
    assert.deepEqual((await put(to(undefined, arn))).DestinationConfig?.OnFailure, { Destination: arn });
  }
});

test('what was configured goes with the function', async () => {
  const { fixture, put, get } = await scene();
  await put({ MaximumRetryAttempts: 1 });
  await fixture.table.DeleteFunction.handle({ FunctionName: 'hello' }, contextOf('DeleteFunction'));
  await create(fixture);
  await assert.rejects(get(), awsError(404, 'ResourceNotFoundException', /doesn't have an EventInvokeConfig$/));
});
