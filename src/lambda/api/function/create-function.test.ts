import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateFunctionRequest } from '@aws-sdk/client-lambda';
import { runtimeVersionArn } from '../../environments/log-lines.ts';
import { awsError } from '../../model/expected-error.ts';
import { arnOf, contextOf, create, createFixture, role, zip } from '../fixture.ts';

test('CreateFunction answers Pending with every default, and kicks the reconciler', async () => {
  const fixture = createFixture();
  const { RevisionId, ...answer } = await create(fixture);
  assert.match(RevisionId ?? '', /^[0-9a-f-]{36}$/);
  assert.deepEqual(JSON.parse(JSON.stringify(answer)), {
    FunctionName: 'hello',
    FunctionArn: arnOf('hello'),
    Runtime: 'nodejs24.x',
    Role: role,
    Handler: 'index.handler',
    CodeSize: 12,
    CodeSha256: 'nojXKdZ8pWJ3vaU0auDOptYYg+DMfPnhPU6ZIvmvcXM=',
    Description: '',
    Timeout: 3,
    MemorySize: 128,
    LastModified: '2026-11-24T01:02:03.456+0000',
    Version: '$LATEST',
    TracingConfig: { Mode: 'PassThrough' },
    State: 'Pending',
    StateReason: 'The function is being created.',
    StateReasonCode: 'Creating',
    PackageType: 'Zip',
    Architectures: ['x86_64'],
    EphemeralStorage: { Size: 512 },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    RuntimeVersionConfig: { RuntimeVersionArn: runtimeVersionArn('nodejs24.x', 'us-east-1') },
    LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/hello' },
  });
  assert.equal(fixture.counts.kicks, 1);
});

test('CreateFunction gives back what it only stores', async () => {
  const fixture = createFixture();
  const vpc = { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] };
  const stored = {
    VpcConfig: vpc,
    DeadLetterConfig: { TargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead' },
    KMSKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/1',
    FileSystemConfigs: [{ Arn: 'arn:aws:elasticfilesystem:…:access-point/fsap-1', LocalMountPath: '/mnt/a' }],
    TracingConfig: { Mode: 'Active' as const },
    LoggingConfig: { LogFormat: 'JSON' as const, SystemLogLevel: 'WARN' as const },
  };
  const answer = await create(fixture, stored);
  assert.deepEqual(answer.VpcConfig, { ...vpc, VpcId: '', Ipv6AllowedForDualStack: false });
  assert.deepEqual(answer.DeadLetterConfig, stored.DeadLetterConfig);
  assert.equal(answer.KMSKeyArn, stored.KMSKeyArn);
  assert.deepEqual(answer.FileSystemConfigs, stored.FileSystemConfigs);
  assert.deepEqual(answer.TracingConfig, stored.TracingConfig);
  assert.deepEqual(answer.LoggingConfig, {
    LogFormat: 'JSON',
    ApplicationLogLevel: 'INFO',
    SystemLogLevel: 'WARN',
    LogGroup: '/aws/lambda/hello',
  });
});

test('CreateFunction answers 409 for a name that is taken', async () => {
  const fixture = createFixture();
  await create(fixture);
  await assert.rejects(create(fixture), awsError(409, 'ResourceConflictException', 'Function already exist: hello'));
});

test('CreateFunction on a race answers 409 to one of the two', async () => {
  const fixture = createFixture();
  const answers = await Promise.allSettled([create(fixture), create(fixture)]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
});

test('CreateFunction refuses a request that is larger than AWS takes', async () => {
  const fixture = createFixture();
  const headers = { 'content-length': '70167212' };
  await assert.rejects(
    async () =>
      fixture.table.CreateFunction.handle(
        { FunctionName: 'f', Runtime: 'nodejs24.x', Handler: 'a.b', Role: role, Code: { ZipFile: zip } },
        contextOf('CreateFunction', { headers }),
      ),
    awsError(
      413,
      'RequestEntityTooLargeException',
      'Request must be smaller than 70167211 bytes for the CreateFunction operation',
    ),
  );
});

test('CreateFunction refuses what would exceed the code storage of the account', async () => {
  const fixture = createFixture({ codeStorageBytesMax: 20 });
  await create(fixture);
  await assert.rejects(
    create(fixture, { FunctionName: 'second' }),
    awsError(400, 'CodeStorageExceededException', 'Code storage limit exceeded.'),
  );
});

test('an environment of exactly 4,096 bytes of JSON is taken', async () => {
  const value = 'v'.repeat(4096 - '{"KEY":""}'.length);
  const answer = await create(createFixture(), { Environment: { Variables: { KEY: value } } });
  assert.deepEqual(answer.Environment, { Variables: { KEY: value } });
});

test('an environment without variables is none', async () => {
  const answer = await create(createFixture(), { Environment: { Variables: {} } });
  assert.equal(answer.Environment, undefined);
});

const invalid = (message: string | RegExp) => awsError(400, 'InvalidParameterValueException', message);
const malformed = (message: string | RegExp) => awsError(400, 'ValidationException', message);
const large = { KEY: 'v'.repeat(4096) };

const refusals: [title: string, input: Partial<CreateFunctionRequest>, error: (error: unknown) => boolean][] = [
  ['no runtime', { Runtime: undefined }, invalid(/^Runtime and Handler are mandatory parameters/)],
  ['no handler', { Handler: undefined }, invalid(/^Runtime and Handler are mandatory parameters/)],
  ['a handler with a space', { Handler: 'a b' }, malformed(/Value 'a b' at 'handler' .* pattern: \[\^\\s\]\+$/)],
  ['a role that is none', { Role: 'admin' }, malformed(/Value 'admin' at 'role' failed to satisfy constraint/)],
  ['no code', { Code: {} }, invalid('Please provide a source for function code.')],
  [
    'code in S3',
    { Code: { S3Bucket: 'b', S3Key: 'k' } },
    invalid(
      'Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist',
    ),
  ],
  ['two sources', { Code: { ZipFile: zip, S3Bucket: 'b' } }, invalid(/^Please do not provide other FunctionCode/)],
  ['an image', { PackageType: 'Image' }, invalid(/container images yet/)],
  ['an image URI', { Code: { ImageUri: 'repo:tag' } }, invalid(/container images yet/)],
  ['an empty ZIP', { Code: { ZipFile: Buffer.alloc(0) } }, invalid('Uploaded file must be a non-empty zip')],
  [
    'what is no ZIP',
    { Code: { ZipFile: Buffer.from('hello') } },
    invalid('Could not unzip uploaded file. Please check your file, then try to upload again.'),
  ],
  [
    'a ZIP over 50 MB',
    { Code: { ZipFile: Buffer.alloc(52_428_801) } },
    awsError(413, 'RequestEntityTooLargeException', 'Zipped size must be smaller than 52428800 bytes'),
  ],
  ['127 MB', { MemorySize: 127 }, invalid(/^'MemorySize' value .* greater than or equal to 128$/)],
  ['10,241 MB', { MemorySize: 10_241 }, invalid(/^'MemorySize' value .* less than or equal to 10240$/)],
  ['901 seconds', { Timeout: 901 }, invalid(/^'Timeout' value .* less than or equal to 900$/)],
  ['10,241 MB of /tmp', { EphemeralStorage: { Size: 10_241 } }, invalid(/^'EphemeralStorage\.Size' value/)],
  [
    'a large environment',
    { Environment: { Variables: large } },
    invalid(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${JSON.stringify(large)}`,
    ),
  ],
  [
    'reserved variables',
    { Environment: { Variables: { AWS_REGION: 'x', FINE: 'x', LAMBENT_CHANNEL: 'y' } } },
    invalid(/Reserved keys used in this request: AWS_REGION, LAMBENT_CHANNEL$/),
  ],
  ['a variable of one letter', { Environment: { Variables: { A: 'x' } } }, malformed(/'environment.variables'/)],
  ['a NUL in a variable', { Environment: { Variables: { AB: 'x\0y' } } }, invalid(/NUL character in the value of AB$/)],
  [
    'an unknown runtime',
    // What the SDK's types would not let through, and the wire does.
    JSON.parse('{"Runtime":"cobol85"}'),
    invalid(
      /^Value cobol85 at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: \[.*\] or be a valid ARN$/,
    ),
  ],
  [
    'a runtime that AWS took away',
    { Runtime: 'python2.7' },
    invalid(
      'The runtime parameter of python2.7 is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.',
    ),
  ],
  [
    'a runtime that is not there',
    { Runtime: 'java21' },
    invalid(/runtime java21: Lambent has nodejs24\.x, python3\.9/),
  ],
  ['a runtime that is missing here', { Runtime: 'python3.9' }, invalid(/python3\.9: no python3\.9 in \/usr\/bin$/)],
  ['another architecture', { Architectures: ['arm64'] }, invalid(/function on arm64: this machine is x86_64/)],
  ['two architectures', { Architectures: ['arm64', 'x86_64'] }, invalid(/exactly one/)],
  ['layers', { Layers: ['arn:l:1'] }, invalid('Layer version arn:l:1 does not exist.')],
  [
    'levels for text logs',
    { LoggingConfig: { LogFormat: 'Text', SystemLogLevel: 'INFO' } },
    invalid('ApplicationLogLevel and SystemLogLevel can only be set for functions configured to use JSON log format.'),
  ],
  ['half a VPC', { VpcConfig: { SubnetIds: ['s'] } }, invalid(/^SubnetIds and SecurityIds must coexist/)],
  ['a dead letter bucket', { DeadLetterConfig: { TargetArn: 'arn:aws:s3:::b' } }, invalid(/dead letter target/)],
  ['SnapStart for Node', { SnapStart: { ApplyOn: 'PublishedVersions' } }, invalid(/^nodejs24\.x is not supported/)],
  [
    'files in place of everything',
    { FileSystemConfigs: [{ Arn: 'a', LocalMountPath: '/mnt/..' }] },
    invalid('A file system cannot be mounted at /mnt/..'),
  ],
  ['files without a VPC', { FileSystemConfigs: [{ Arn: 'a', LocalMountPath: '/mnt/a' }] }, invalid(/in a VPC/)],
  ['PublishTo', { PublishTo: 'LATEST_PUBLISHED' }, invalid(/^Cannot accept PublishTo: /)],
  ['a tenancy', { TenancyConfig: { TenantIsolationMode: 'PER_TENANT' } }, invalid(/^Cannot accept TenancyConfig: /)],
  ['a durable function', { DurableConfig: { ExecutionTimeout: 1 } }, invalid(/^Cannot accept DurableConfig: /)],
  ['an image configuration', { ImageConfig: {} }, invalid(/^Cannot set ImageConfig: /)],
  [
    'a capacity provider',
    { CapacityProviderConfig: { LambdaManagedInstancesCapacityProviderConfig: { CapacityProviderArn: 'arn' } } },
    invalid(/^Cannot accept CapacityProviderConfig: /),
  ],
  [
    'code signing',
    { CodeSigningConfigArn: 'arn:csc' },
    awsError(404, 'CodeSigningConfigNotFoundException', /arn:csc\.$/),
  ],
  [
    '51 tags',
    { Tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, ''])) },
    invalid('Number of tags exceeds resource tag limit.'),
  ],
  ['a tag of AWS', { Tags: { 'aws:x': '' } }, invalid(/reserved for AWS/)],
  ['a qualified name', { FunctionName: 'f:1' }, invalid(/^This operation is permitted on Lambda functions only/)],
];

for (const [title, input, error] of refusals) {
  test(`CreateFunction refuses ${title} and keeps nothing`, async () => {
    const fixture = createFixture();
    await assert.rejects(create(fixture, input), error);
    assert.deepEqual(fixture.functions.unfinished(10), []);
    assert.equal(fixture.counts.kicks, 0);
  });
}
