/** For tests: what is set on a function besides its configuration: concurrency, retries, URLs, runtime, recursion, tags. */
import assert from 'node:assert/strict';
import { arn } from './functions.ts';
import type { Visits } from './visits.ts';

const FunctionName = 'all';
const onlyFunctions =
  /^This operation is permitted on Lambda functions only\. Aliases and versions do not support this operation\./;

/** Needs the function `all` with versions 1 and 2, and alias `live` on version 1. */
export async function concurrency(visits: Visits): Promise<void> {
  assert.equal((await visits.good('GetFunctionConcurrency', { FunctionName })).ReservedConcurrentExecutions, undefined);
  const put = await visits.good('PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions: 100 });
  assert.equal(put.ReservedConcurrentExecutions, 100);
  const { Concurrency } = await visits.good('GetFunction', { FunctionName });
  assert.deepEqual(Concurrency, { ReservedConcurrentExecutions: 100 });
  const { AccountLimit } = await visits.good('GetAccountSettings', {});
  assert.equal(AccountLimit?.UnreservedConcurrentExecutions, (AccountLimit?.ConcurrentExecutions ?? 0) - 100);
  await visits.bad(
    'PutFunctionConcurrency',
    { FunctionName, ReservedConcurrentExecutions: 901 },
    'InvalidParameterValueException',
    /^Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of \[100\]\.$/,
  );
  await visits.bad(
    'PutFunctionConcurrency',
    { FunctionName: `${FunctionName}:1`, ReservedConcurrentExecutions: 1 },
    'InvalidParameterValueException',
    onlyFunctions,
  );
  await visits.bad('GetFunctionConcurrency', { FunctionName: 'absent' }, 'ResourceNotFoundException', /absent/);
  await provisioned(visits);
  await visits.good('DeleteFunctionConcurrency', { FunctionName });
  await visits.bad('DeleteFunctionConcurrency', { FunctionName: 'absent' }, 'ResourceNotFoundException', /absent/);
}

async function provisioned(visits: Visits): Promise<void> {
  const one = { FunctionName, Qualifier: '2', ProvisionedConcurrentExecutions: 1 };
  const put = await visits.good('PutProvisionedConcurrencyConfig', one);
  assert.deepEqual(
    [put.Status, put.RequestedProvisionedConcurrentExecutions, put.AvailableProvisionedConcurrentExecutions],
    ['IN_PROGRESS', 1, 0],
  );
  await visits.bad(
    'PutProvisionedConcurrencyConfig',
    { ...one, Qualifier: '$LATEST' },
    'InvalidParameterValueException',
    /^Provisioned Concurrency Configs cannot be applied to unpublished function versions\.$/,
  );
  await visits.bad(
    'PutProvisionedConcurrencyConfig',
    { ...one, ProvisionedConcurrentExecutions: 101 },
    'InvalidParameterValueException',
    /^Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function$/,
  );
  await visits.bad(
    'PutFunctionConcurrency',
    { FunctionName, ReservedConcurrentExecutions: 0 },
    'InvalidParameterValueException',
    /^ ReservedConcurrentExecutions {2}0 should not be lower than function's total provisioned concurrency \[1\]\.$/,
  );
  await visits.good('GetProvisionedConcurrencyConfig', { FunctionName, Qualifier: '2' });
  await visits.bad(
    'GetProvisionedConcurrencyConfig',
    { FunctionName, Qualifier: 'live' },
    'ProvisionedConcurrencyConfigNotFoundException',
    /^No Provisioned Concurrency Config found for this function$/,
  );
  const { ProvisionedConcurrencyConfigs } = await visits.good('ListProvisionedConcurrencyConfigs', { FunctionName });
  assert.deepEqual(
    ProvisionedConcurrencyConfigs?.map((each) => each.FunctionArn),
    [arn('all:2')],
  );
  await visits.bad(
    'ListProvisionedConcurrencyConfigs',
    { FunctionName: 'absent' },
    'ResourceNotFoundException',
    /absent/,
  );
  await visits.good('DeleteProvisionedConcurrencyConfig', { FunctionName, Qualifier: '2' });
  await visits.good('DeleteProvisionedConcurrencyConfig', { FunctionName, Qualifier: '2' });
  await visits.bad(
    'DeleteProvisionedConcurrencyConfig',
    { FunctionName, Qualifier: '$LATEST' },
    'InvalidParameterValueException',
    /./,
  );
}

export async function eventInvokeConfig(visits: Visits): Promise<void> {
  const absent =
    /^The function arn:aws:lambda:us-east-1:000000000000:function:all(:\$LATEST)? doesn't have an EventInvokeConfig$/;
  await visits.bad('GetFunctionEventInvokeConfig', { FunctionName }, 'ResourceNotFoundException', absent);
  await visits.bad(
    'UpdateFunctionEventInvokeConfig',
    { FunctionName, MaximumRetryAttempts: 1 },
    'ResourceNotFoundException',
    absent,
  );
  await visits.bad(
    'PutFunctionEventInvokeConfig',
    { FunctionName },
    'InvalidParameterValueException',
    /^You must specify at least one of error handling or destination setting\.$/,
  );
  const self = { OnSuccess: { Destination: arn(FunctionName) } };
  await visits.bad(
    'PutFunctionEventInvokeConfig',
    { FunctionName, DestinationConfig: self },
    'InvalidParameterValueException',
    /^You can't specify the function as a destination for itself\.$/,
  );
  await visits.bad(
    'PutFunctionEventInvokeConfig',
    { FunctionName, MaximumEventAgeInSeconds: 59 },
    'ValidationException',
    /'maximumEventAgeInSeconds' failed to satisfy constraint: Member must have value greater than or equal to 60/,
  );
  await visits.good('PutFunctionEventInvokeConfig', { FunctionName, MaximumRetryAttempts: 0 });
  const updated = await visits.good('UpdateFunctionEventInvokeConfig', { FunctionName, MaximumEventAgeInSeconds: 60 });
  assert.deepEqual(
    [updated.MaximumRetryAttempts, updated.MaximumEventAgeInSeconds, updated.FunctionArn],
    [0, 60, arn('all:$LATEST')],
  );
  await visits.good('GetFunctionEventInvokeConfig', { FunctionName });
  const listed = await visits.good('ListFunctionEventInvokeConfigs', { FunctionName });
  assert.equal(listed.FunctionEventInvokeConfigs?.length, 1);
  await visits.bad('ListFunctionEventInvokeConfigs', { FunctionName: 'absent' }, 'ResourceNotFoundException', /absent/);
  await visits.good('DeleteFunctionEventInvokeConfig', { FunctionName });
  await visits.bad('DeleteFunctionEventInvokeConfig', { FunctionName }, 'ResourceNotFoundException', absent);
}

export async function urls(visits: Visits): Promise<void> {
  const Cors = { AllowOrigins: ['https://example.com'], MaxAge: 60 };
  const made = await visits.good('CreateFunctionUrlConfig', { FunctionName, AuthType: 'NONE', Cors });
  assert.match(made.FunctionUrl ?? '', /^http:\/\/[a-z0-9]{32}\.lambda-url\.us-east-1\./);
  await visits.bad(
    'CreateFunctionUrlConfig',
    { FunctionName, AuthType: 'NONE' },
    'ResourceConflictException',
    /^Failed to create function url config for \[functionArn = .*:function:all\]\. Error message: {2}FunctionUrlConfig exists for this Lambda function$/,
  );
  await visits.bad(
    'CreateFunctionUrlConfig',
    { FunctionName, AuthType: 'NONE', Qualifier: '2' },
    'ValidationException',
    /'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern/,
  );
  const updated = await visits.good('UpdateFunctionUrlConfig', { FunctionName, AuthType: 'AWS_IAM' });
  assert.deepEqual([updated.AuthType, updated.Cors, updated.FunctionUrl], ['AWS_IAM', Cors, made.FunctionUrl]);
  await visits.good('GetFunctionUrlConfig', { FunctionName });
  const { FunctionUrlConfigs } = await visits.good('ListFunctionUrlConfigs', { FunctionName });
  assert.equal(FunctionUrlConfigs?.length, 1);
  await visits.bad('ListFunctionUrlConfigs', { FunctionName: 'absent' }, 'ResourceNotFoundException', /absent/);
  await visits.good('DeleteFunctionUrlConfig', { FunctionName });
  const gone = /^The resource you requested does not exist\.$/;
  await visits.bad('DeleteFunctionUrlConfig', { FunctionName }, 'ResourceNotFoundException', gone);
  await visits.bad('GetFunctionUrlConfig', { FunctionName }, 'ResourceNotFoundException', gone);
  await visits.bad('UpdateFunctionUrlConfig', { FunctionName, AuthType: 'NONE' }, 'ResourceNotFoundException', gone);
}

export async function runtimeAndRecursion(visits: Visits): Promise<void> {
  assert.equal((await visits.good('GetRuntimeManagementConfig', { FunctionName })).UpdateRuntimeOn, 'Auto');
  await visits.good('PutRuntimeManagementConfig', { FunctionName, UpdateRuntimeOn: 'FunctionUpdate' });
  await visits.bad(
    'PutRuntimeManagementConfig',
    { FunctionName, UpdateRuntimeOn: 'Manual' },
    'InvalidParameterValueException',
    /RuntimeVersionArn/,
  );
  await visits.bad('GetRuntimeManagementConfig', { FunctionName: 'absent' }, 'ResourceNotFoundException', /absent/);
  assert.equal((await visits.good('GetFunctionRecursionConfig', { FunctionName })).RecursiveLoop, 'Terminate');
  const put = await visits.good('PutFunctionRecursionConfig', { FunctionName, RecursiveLoop: 'Allow' });
  assert.equal(put.RecursiveLoop, 'Allow');
  await visits.bad(
    'PutFunctionRecursionConfig',
    { FunctionName: `${FunctionName}:1`, RecursiveLoop: 'Allow' },
    'ValidationException',
    /'functionName' failed to satisfy constraint/,
  );
  await visits.bad('GetFunctionRecursionConfig', { FunctionName: 'absent' }, 'ResourceNotFoundException', /absent/);
}

export async function tags(visits: Visits): Promise<void> {
  const Resource = arn(FunctionName);
  await visits.good('TagResource', { Resource, Tags: { a: '1', b: '2' } });
  await visits.good('UntagResource', { Resource, TagKeys: ['a', 'never'] });
  assert.deepEqual((await visits.good('ListTags', { Resource })).Tags, { b: '2' });
  const notHere = /^Tags on function aliases and versions are not supported\. Please specify a function ARN\.$/;
  await visits.bad(
    'TagResource',
    { Resource: arn('all:live'), Tags: { a: '1' } },
    'InvalidParameterValueException',
    notHere,
  );
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, 'v']));
  await visits.bad(
    'TagResource',
    { Resource, Tags: many },
    'InvalidParameterValueException',
    /^Number of tags exceeds resource tag limit\.$/,
  );
  await visits.bad('UntagResource', { Resource: arn('absent'), TagKeys: ['a'] }, 'ResourceNotFoundException', /absent/);
  await visits.bad('ListTags', { Resource: arn('absent') }, 'ResourceNotFoundException', /absent/);
}
