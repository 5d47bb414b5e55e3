import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AssumeRoleRequest } from '@aws-sdk/client-sts';
import type { Principal, RequestContext } from '../../../aws/operation.ts';
import { ManualClock } from '../../../base/manual-clock.ts';
import { systemRandom } from '../../../base/random.ts';
import type { IamRecords, Role } from '../../../iam/records.ts';
import { sessionKey } from '../../../iam/session.ts';
import { assumeRole } from './assume-role.ts';

const accountId = '111122223333';
const ada: Principal = { kind: 'user', accountId, arn: `arn:aws:iam::${accountId}:user/ada` };
const RoleArn = `arn:aws:iam::${accountId}:role/x/reader`;
const serverSecret = Buffer.from('secret');
const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });

function assume(
  input: Partial<AssumeRoleRequest>,
  {
    statement = {},
    mode = 'signed',
    principal = ada,
  }: { statement?: object; mode?: 'open' | 'signed'; principal?: Principal } = {},
) {
  const Allow = { Effect: 'Allow', Principal: { AWS: ada.arn }, Action: ['sts:AssumeRole', 'sts:TagSession'] };
  const role: Role = {
    ...{ name: 'reader', path: '/x/', id: 'AROAREADER', createdAt: 0, sessionSecondsMax: 7200 },
    ...{ trust: document({ ...Allow, ...statement }), tags: {}, inline: {}, attached: [] },
  };
  const records = { get: (_kind: string, _account: string, name: string) => (name === 'reader' ? role : undefined) };
  const { handle } = assumeRole({
    ...{ mode, serverSecret, clock: new ManualClock(), random: systemRandom },
    records: records as Pick<IamRecords, 'get'>,
  });
  const asked = { RoleArn, RoleSessionName: 'visit', ...input };
  return (async () => handle(asked, { principal, sourceAddress: '10.0.0.1' } as RequestContext))();
}

test('a session stands for the role, for an hour or as long as is asked', async () => {
  const { Credentials, AssumedRoleUser, PackedPolicySize } = await assume({});
  assert.deepEqual(AssumedRoleUser, {
    AssumedRoleId: 'AROAREADER:visit',
    Arn: `arn:aws:sts::${accountId}:assumed-role/reader/visit`,
  });
  assert.equal(PackedPolicySize, undefined);
  const key = sessionKey(serverSecret, Credentials?.AccessKeyId ?? '', Credentials?.SessionToken ?? '', 0);
  assert.ok(typeof key === 'object');
  assert.deepEqual([key.session?.roleArn, key.session?.roleId], [RoleArn, 'AROAREADER']);
  const now = new ManualClock().now();
  assert.equal(key.expiresAt, now + 3_600_000);
  const long = await assume({ DurationSeconds: 7200 });
  assert.equal(long.Credentials?.Expiration?.getTime(), now + 7_200_000);
  await assert.rejects(assume({ DurationSeconds: 7201 }), {
    code: 'ValidationError',
    message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  });
});

test('the role decides who assumes it, under its conditions', async () => {
  const denied = { code: 'AccessDenied', status: 403 };
  const secret = { Condition: { StringEquals: { 'sts:ExternalId': 'secret' } } };
  await assert.rejects(assume({}, { statement: secret }), denied);
  await assert.rejects(assume({ ExternalId: 'guess' }, { statement: secret }), denied);
  await assume({ ExternalId: 'secret' }, { statement: secret });
  await assert.rejects(assume({}, { principal: { ...ada, arn: `${ada.arn}2` } }), denied);
  await assert.rejects(assume({ RoleArn: RoleArn.replace('/x', '') }), denied);
  await assert.rejects(assume({ RoleArn: RoleArn.replace('reader', 'nobody') }), denied);
  const Tags = [{ Key: 'team', Value: 'a' }];
  await assume({ Tags });
  await assert.rejects(assume({ Tags }, { statement: { Action: 'sts:AssumeRole' } }), denied);
});

test('what a session cannot have here is refused, not forgotten', async () => {
  await assert.rejects(assume({ SerialNumber: 'device-1', TokenCode: '123456' }), { code: 'AccessDenied' });
  for (const more of [{ SourceIdentity: 'ada' }, { TransitiveTagKeys: ['team'] }]) {
    await assert.rejects(assume(more), { code: 'NotImplemented', status: 501 });
  }
  await assert.rejects(assume({ RoleArn: `arn:aws:iam::${accountId}:user/ada` }), { code: 'ValidationError' });
  await assert.rejects(assume({ PolicyArns: [{ arn: 'nonsense' }] }), { code: 'ValidationError' });
  await assert.rejects(assume({ Policy: '{}' }), { code: 'MalformedPolicyDocument' });
  const Policy = document({ Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:s3:::${'x'.repeat(2000)}` });
  await assert.rejects(assume({ Policy }), { code: 'PackedPolicyTooLarge' });
});

test('who came by a role stays an hour at most', async () => {
  const arn = `arn:aws:sts::${accountId}:assumed-role/first/visit`;
  const principal: Principal = { kind: 'role', accountId, arn, policies: [] };
  const statement = { Principal: { AWS: `arn:aws:iam::${accountId}:role/first` } };
  await assume({}, { principal, statement });
  const long = assume({ DurationSeconds: 3601 }, { principal, statement });
  await assert.rejects(long, { message: /role chaining/ });
});

test('where nobody is asked who they are, every role can be assumed, also one that nobody made', async () => {
  const root: Principal = { kind: 'root', accountId, arn: `arn:aws:iam::${accountId}:root` };
  const any = `arn:aws:iam::${accountId}:role/any`;
  const answers = await Promise.all([0, 1].map(() => assume({ RoleArn: any }, { mode: 'open', principal: root })));
  const [first, second] = answers.map(({ AssumedRoleUser }) => AssumedRoleUser);
  assert.match(first?.AssumedRoleId ?? '', /^AROA[A-Z2-7]{17}:visit$/);
  assert.deepEqual(first, second);
});
