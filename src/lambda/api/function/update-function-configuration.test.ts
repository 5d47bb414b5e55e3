import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UpdateFunctionConfigurationRequest } from '@aws-sdk/client-lambda';
import { awsError } from '../../model/expected-error.ts';
import { contextOf, create, createFixture } from '../fixture.ts';

type Input = Partial<UpdateFunctionConfigurationRequest>;

async function active(input: Parameters<typeof create>[1] = {}) {
  const fixture = createFixture();
  await create(fixture, input);
  await fixture.settle();
  const update = async (change: Input) =>
    fixture.table.UpdateFunctionConfiguration.handle(
      { FunctionName: 'hello', ...change },
      contextOf('UpdateFunctionConfiguration'),
    );
  return { ...fixture, update };
}

test('UpdateFunctionConfiguration changes what is given and keeps the rest', async () => {
  const { update } = await active({ Description: 'first', Timeout: 9, Environment: { Variables: { KEEP: 'me' } } });
  const answer = await update({ Description: 'second', MemorySize: 512 });
  assert.deepEqual(
    [answer.Description, answer.Timeout, answer.MemorySize, answer.LastUpdateStatus],
    ['second', 9, 512, 'InProgress'],
  );
  assert.deepEqual(answer.Environment, { Variables: { KEEP: 'me' } });
});

const full = {
  Environment: { Variables: { OLD: 'x' } },
  VpcConfig: { SubnetIds: ['s'], SecurityGroupIds: ['g'] },
  DeadLetterConfig: { TargetArn: 'arn:aws:sns:us-east-1:000000000000:dead' },
  KMSKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/1',
  LoggingConfig: { LogFormat: 'JSON' as const, LogGroup: 'mine' },
};

const merges: [title: string, change: Input, member: keyof typeof full, expected: unknown][] = [
  [
    'replaces the environment as a whole',
    { Environment: { Variables: { NEW: 'y' } } },
    'Environment',
    { Variables: { NEW: 'y' } },
  ],
  ['clears the environment', { Environment: { Variables: {} } }, 'Environment', undefined],
  ['clears the dead letter target', { DeadLetterConfig: { TargetArn: '' } }, 'DeadLetterConfig', undefined],
  ['clears the key', { KMSKeyArn: '' }, 'KMSKeyArn', undefined],
  [
    'empties the VPC',
    { VpcConfig: { SubnetIds: [], SecurityGroupIds: [] } },
    'VpcConfig',
    { SubnetIds: [], SecurityGroupIds: [], VpcId: '', Ipv6AllowedForDualStack: false },
  ],
  [
    'replaces the logging as a whole',
    { LoggingConfig: { LogFormat: 'Text' } },
    'LoggingConfig',
    { LogFormat: 'Text', LogGroup: '/aws/lambda/hello', ApplicationLogLevel: undefined, SystemLogLevel: undefined },
  ],
];

for (const [title, change, member, expected] of merges) {
  test(`UpdateFunctionConfiguration ${title}`, async () => {
    const { update } = await active(full);
    assert.deepEqual((await update(change))[member], expected);
  });
}

test('UpdateFunctionConfiguration refuses a stale revision, another update and what CreateFunction refuses', async () => {
  const { update } = await active();
  await assert.rejects(
    update({ RevisionId: 'stale' }),
    awsError(412, 'PreconditionFailedException', /^The Revision Id/),
  );
  await assert.rejects(update({ Timeout: 901 }), awsError(400, 'InvalidParameterValueException', /^'Timeout' value/));
  await assert.rejects(update({ Runtime: 'go1.x' }), awsError(400, 'InvalidParameterValueException', /no longer/));
  await assert.rejects(
    update({ Runtime: 'python3.9' }),
    awsError(400, 'InvalidParameterValueException', /no python3\.9 in/),
  );
  await update({ Timeout: 10 });
  await assert.rejects(
    update({ Timeout: 11 }),
    awsError(409, 'ResourceConflictException', /An update is in progress for resource: arn:.*:function:hello$/),
  );
});
