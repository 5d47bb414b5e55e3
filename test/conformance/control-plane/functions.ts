/** For tests: functions, versions and aliases, with good input and with the bad input that the reference names. */
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import {
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
  waitUntilPublishedVersionActive,
} from '@aws-sdk/client-lambda';
import { role } from '../../harness/client.ts';
import { nodePackage } from '../../harness/packages.ts';
import type { Visits } from './visits.ts';

export const account = '000000000000';
export const arn = (name: string) => `arn:aws:lambda:us-east-1:${account}:function:${name}`;
export const unknownRevision = '00000000-0000-4000-8000-000000000000';
const waiting = { maxWaitTime: 60, minDelay: 0.05, maxDelay: 0.5 };
const code = nodePackage('exports.handler = async (event, { functionVersion }) => ({ event, functionVersion });');
const Runtime = 'nodejs26.x';

/** A function that is active. */
export async function newFunction(visits: Visits, FunctionName: string): Promise<void> {
  await visits.good('CreateFunction', {
    FunctionName,
    Runtime,
    Handler: 'index.handler',
    Role: role,
    Code: { ZipFile: code },
  });
  await waitUntilFunctionActiveV2({ client: visits.client, ...waiting }, { FunctionName });
}

export async function updated(visits: Visits, FunctionName: string): Promise<void> {
  await waitUntilFunctionUpdatedV2({ client: visits.client, ...waiting }, { FunctionName });
}

export async function functions(visits: Visits): Promise<void> {
  await badCreations(visits);
  await newFunction(visits, 'all');
  const usual = {
    FunctionName: 'all',
    Runtime,
    Handler: 'index.handler',
    Role: role,
    Code: { ZipFile: code },
  } as const;
  await visits.bad('CreateFunction', usual, 'ResourceConflictException', /^Function already exist: all$/);
  const { Configuration } = await visits.good('GetFunction', { FunctionName: 'all', Qualifier: '$LATEST' });
  assert.equal(Configuration?.FunctionArn, arn('all:$LATEST'));
  await visits.bad(
    'GetFunction',
    { FunctionName: 'all', Qualifier: 'nope' },
    'ResourceNotFoundException',
    /^Function not found: .*:function:all:nope$/,
  );
  await visits.bad(
    'GetFunction',
    { FunctionName: 'all:1', Qualifier: '2' },
    'InvalidParameterValueException',
    /^The derived qualifier from the function name does not match the specified qualifier\.$/,
  );
  const elsewhere = arn('all').replace('us-east-1', 'ap-southeast-1');
  await visits.bad(
    'GetFunctionConfiguration',
    { FunctionName: elsewhere },
    'ResourceNotFoundException',
    /^Functions from 'ap-southeast-1' are not reachable in this region \('us-east-1'\)$/,
  );
  const read = await visits.good('GetFunctionConfiguration', { FunctionName: `${account}:function:all` });
  await visits.bad(
    'UpdateFunctionConfiguration',
    { FunctionName: 'all', Timeout: 5, RevisionId: unknownRevision },
    'PreconditionFailedException',
    /^The Revision Id provided does not match the latest Revision Id\. Call the GetFunction\/GetAlias API/,
  );
  await visits.good('UpdateFunctionConfiguration', { FunctionName: 'all', Timeout: 5, RevisionId: read.RevisionId });
  await updated(visits, 'all');
  await visits.good('UpdateFunctionCode', { FunctionName: 'all', ZipFile: code, DryRun: true });
  await visits.bad(
    'UpdateFunctionCode',
    { FunctionName: 'all', ZipFile: Buffer.from('no zip') },
    'InvalidParameterValueException',
    /^Could not unzip uploaded file\./,
  );
  const listed = await visits.good('ListFunctions', { MaxItems: 1 });
  assert.equal(listed.Functions?.length, 1);
  await visits.bad('ListFunctions', { Marker: 'nonsense' }, 'InvalidParameterValueException', /marker/);
  const invoked = await visits.good('Invoke', { FunctionName: 'all', Payload: Buffer.from('7') });
  assert.deepEqual(JSON.parse(Buffer.from(invoked.Payload ?? []).toString()), { event: 7, functionVersion: '$LATEST' });
  await visits.bad('Invoke', { FunctionName: 'absent' }, 'ResourceNotFoundException', /^Function not found: .*absent/);
  await visits.good('InvokeAsync', { FunctionName: 'all', InvokeArgs: Readable.from(['{}']) });
  await visits.bad(
    'InvokeAsync',
    { FunctionName: 'absent', InvokeArgs: Readable.from(['{}']) },
    'ResourceNotFoundException',
    /absent/,
  );
}

async function badCreations(visits: Visits): Promise<void> {
  const usual = {
    FunctionName: 'bad',
    Runtime,
    Handler: 'index.handler',
    Role: role,
    Code: { ZipFile: code },
  } as const;
  const layer = (n: number) => `arn:aws:lambda:us-east-1:${account}:layer:l${n}:1`;
  const cases: [object, string, RegExp][] = [
    [
      { Role: 'nobody' },
      'ValidationException',
      /^1 validation error detected: Value 'nobody' at 'role' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:/,
    ],
    [{ Role: 'nobody', Timeout: -1 }, 'ValidationException', /^2 validation errors detected: /],
    [
      { FunctionName: 'x'.repeat(65) },
      'InvalidParameterValueException',
      /at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 64$/,
    ],
    [
      { Runtime: 'cobol' },
      'InvalidParameterValueException',
      /^Value cobol at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: \[.*\] or be a valid ARN$/,
    ],
    [
      { Runtime: 'nodejs12.x' },
      'InvalidParameterValueException',
      /^The runtime parameter of nodejs12\.x is no longer supported/,
    ],
    [
      { MemorySize: 127 },
      'ValidationException',
      /'memorySize' failed to satisfy constraint: Member must have value greater than or equal to 128/,
    ],
    [
      { Code: { ZipFile: code, S3Bucket: 'bucket', S3Key: 'k' } },
      'InvalidParameterValueException',
      /^Please do not provide other FunctionCode parameters when providing a ZipFile\.$/,
    ],
    [
      { Layers: [1, 2, 3, 4, 5, 6].map(layer) },
      'InvalidParameterValueException',
      /^Cannot reference more than 5 layers\.$/,
    ],
    [{ Layers: [layer(1)] }, 'InvalidParameterValueException', /^Layer version .*layer:l1:1 does not exist\.$/],
    [{ Environment: { Variables: { AWS_REGION: 'x' } } }, 'InvalidParameterValueException', /reserved keys/],
    [
      { Environment: { Variables: { BIG: 'x'.repeat(4100) } } },
      'InvalidParameterValueException',
      /exceeded the 4KB limit\. String measured: /,
    ],
    [
      { Architectures: ['x86_64', 'arm64'] },
      'ValidationException',
      /'architectures' failed to satisfy constraint: Member must have length less than or equal to 1/,
    ],
  ];
  for (const [change, name, words] of cases) await visits.bad('CreateFunction', { ...usual, ...change }, name, words);
}

export async function versionsAndAliases(visits: Visits): Promise<void> {
  const FunctionName = 'all';
  const wrong = { FunctionName, CodeSha256: 'bm90IGl0' };
  await visits.bad(
    'PublishVersion',
    wrong,
    'InvalidParameterValueException',
    /^CodeSHA256 \(bm90IGl0\) is different from current CodeSHA256 in \$LATEST/,
  );
  const first = await visits.good('PublishVersion', { FunctionName, Description: 'first' });
  assert.deepEqual([first.Version, first.FunctionArn, first.Description], ['1', arn('all:1'), 'first']);
  await waitUntilPublishedVersionActive({ client: visits.client, ...waiting }, { FunctionName, Qualifier: '1' });
  assert.equal((await visits.good('PublishVersion', { FunctionName })).Version, '1');
  await visits.good('UpdateFunctionConfiguration', { FunctionName, Timeout: 6 });
  await updated(visits, FunctionName);
  assert.equal((await visits.good('PublishVersion', { FunctionName })).Version, '2');
  const { Versions } = await visits.good('ListVersionsByFunction', { FunctionName });
  assert.deepEqual(
    Versions?.map((each) => each.Version),
    ['$LATEST', '1', '2'],
  );
  await visits.bad('ListVersionsByFunction', { FunctionName: 'absent' }, 'ResourceNotFoundException', /absent/);
  await aliases(visits, FunctionName);
  await visits.bad('DeleteFunction', { FunctionName, Qualifier: '1' }, 'ResourceConflictException', /live/);
  await visits.bad(
    'DeleteFunction',
    { FunctionName, Qualifier: '$LATEST' },
    'InvalidParameterValueException',
    /^\$LATEST version cannot be deleted without deleting the function\.$/,
  );
}

async function aliases(visits: Visits, FunctionName: string): Promise<void> {
  const RoutingConfig = { AdditionalVersionWeights: { 2: 0.25 } };
  const made = await visits.good('CreateAlias', { FunctionName, Name: 'live', FunctionVersion: '1', RoutingConfig });
  assert.equal(made.AliasArn, arn('all:live'));
  await visits.bad(
    'CreateAlias',
    { FunctionName, Name: 'live', FunctionVersion: '1' },
    'ResourceConflictException',
    /^Alias already exists: .*:all:live$/,
  );
  const latest = { FunctionName, Name: 'l', FunctionVersion: '$LATEST', RoutingConfig };
  await visits.bad(
    'CreateAlias',
    latest,
    'InvalidParameterValueException',
    /^\$LATEST is not supported for an alias pointing to more than 1 version$/,
  );
  const many = { AdditionalVersionWeights: { 1: 0.1, 2: 0.1 } };
  await visits.bad(
    'CreateAlias',
    { FunctionName, Name: 'm', FunctionVersion: '1', RoutingConfig: many },
    'InvalidParameterValueException',
    /^Number of items in AdditionalVersionWeights cannot be greater than 1$/,
  );
  const own = { AdditionalVersionWeights: { 1: 0.1 } };
  await visits.bad(
    'CreateAlias',
    { FunctionName, Name: 'o', FunctionVersion: '1', RoutingConfig: own },
    'InvalidParameterValueException',
    /^Invalid function version 1\. Function version 1 is already included in routing configuration\.$/,
  );
  await visits.bad(
    'CreateAlias',
    { FunctionName, Name: '12', FunctionVersion: '1' },
    'ValidationException',
    /'name' failed to satisfy constraint: Member must satisfy regular expression pattern/,
  );
  assert.deepEqual((await visits.good('GetAlias', { FunctionName, Name: 'live' })).RoutingConfig, RoutingConfig);
  await visits.bad(
    'GetAlias',
    { FunctionName, Name: 'none' },
    'ResourceNotFoundException',
    /^Cannot find alias arn: .*:all:none$/,
  );
  await visits.bad(
    'UpdateAlias',
    { FunctionName, Name: 'none' },
    'ResourceNotFoundException',
    /^Alias not found: .*:all:none$/,
  );
  const cleared = await visits.good('UpdateAlias', {
    FunctionName,
    Name: 'live',
    RoutingConfig: { AdditionalVersionWeights: {} },
  });
  assert.equal(cleared.RoutingConfig, undefined);
  const { Aliases } = await visits.good('ListAliases', { FunctionName, FunctionVersion: '1' });
  assert.deepEqual(
    Aliases?.map((each) => each.Name),
    ['live'],
  );
  await visits.bad('ListAliases', { FunctionName: 'absent' }, 'ResourceNotFoundException', /absent/);
  const named = await visits.good('GetFunctionConfiguration', { FunctionName, Qualifier: 'live' });
  assert.equal(named.Version, '1');
  await visits.good('CreateAlias', { FunctionName, Name: 'gone', FunctionVersion: '2' });
  await visits.good('DeleteAlias', { FunctionName, Name: 'gone' });
  await visits.good('DeleteAlias', { FunctionName, Name: 'gone' });
  await visits.bad('DeleteAlias', { FunctionName: 'absent', Name: 'gone' }, 'ResourceNotFoundException', /absent/);
}

/** Last: what is deleted is gone, with all that it had. */
export async function deletion(visits: Visits): Promise<void> {
  await visits.good('DeleteFunction', { FunctionName: 'all' });
  await visits.bad(
    'DeleteFunction',
    { FunctionName: 'all' },
    'ResourceNotFoundException',
    /^Function not found: .*:all$/,
  );
  await newFunction(visits, 'all');
  await visits.bad('GetAlias', { FunctionName: 'all', Name: 'live' }, 'ResourceNotFoundException', /live/);
  await visits.bad(
    'GetPolicy',
    { FunctionName: 'all' },
    'ResourceNotFoundException',
    /^The resource you requested does not exist\.$/,
  );
  assert.deepEqual(
    (await visits.good('GetFunctionConcurrency', { FunctionName: 'all' })).ReservedConcurrentExecutions,
    undefined,
  );
  assert.equal((await visits.good('PublishVersion', { FunctionName: 'all' })).Version, '3');
}
