import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../base/manual-clock.ts';
import { grantsOf } from './grants.ts';
import type { IamRecords, Role } from './records.ts';
import { Roles } from './roles.ts';

const accountId = '000000000000';
const roleArn = `arn:aws:iam::${accountId}:role/app/worker`;
const functionArn = `arn:aws:lambda:us-east-1:${accountId}:function:f`;
const queue = `arn:aws:sqs:us-east-1:${accountId}:q`;
const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const trust = (Condition?: object) =>
  document({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole', Condition });
const send = (Effect = 'Allow', more = {}) => document({ Effect, Action: 'sqs:SendMessage', Resource: queue, ...more });

const worker: Role = {
  ...{ name: 'worker', path: '/app/', id: 'AROA', createdAt: 0, trust: trust(), sessionSecondsMax: 3600 },
  ...{ tags: { team: 'a' }, inline: {}, attached: [] },
};

function roles(role: Role | undefined, mode: 'open' | 'signed' = 'signed'): Roles {
  const records = { get: (kind: string) => (kind === 'role' ? role : undefined) } as Pick<IamRecords, 'get'>;
  const grants = role && { id: role.id, ...grantsOf(records, role) };
  return new Roles({
    mode,
    keys: { records, role: (arn) => (arn === roleArn ? grants : undefined) },
    clock: new ManualClock(),
  });
}

test('a function runs as a role of its account that trusts Lambda, for it', () => {
  const refusal = (role: Role | undefined, arn = roleArn) => roles(role).refusal(arn, functionArn);
  assert.equal(refusal(worker), undefined);
  assert.equal(refusal(undefined), 'not-assumable');
  assert.equal(refusal(worker, roleArn.replace('/app', '')), 'not-assumable');
  assert.equal(refusal(worker, roleArn.replace(accountId, '111122223333')), 'another-account');
  const only = (arn: string) => ({ ...worker, trust: trust({ ArnLike: { 'aws:SourceArn': arn } }) });
  assert.equal(refusal(only(functionArn)), undefined);
  assert.equal(refusal(only(`${functionArn}2`)), 'not-assumable');
  const other = document({ Effect: 'Allow', Principal: { AWS: accountId }, Action: 'sts:AssumeRole' });
  assert.equal(refusal({ ...worker, trust: other }), 'not-assumable');
  assert.equal(roles(undefined, 'open').refusal('arn:aws:iam::1:role/any', functionArn), undefined);
});

test('a role may do what its policies, its boundary and the resource’s policy come to', () => {
  const may = (role: Role | undefined, policies: string[] = [], resource = queue) =>
    roles(role).may({ roleArn, accountId, action: 'sqs:SendMessage', resource, policies });
  const allowed = { ...worker, inline: { p: send() } };
  const boundary = 'arn:aws:iam::aws:policy/AmazonS3FullAccess';
  const byName = (Effect: string) => send(Effect, { Principal: { AWS: roleArn } });
  const tagged = { Condition: { StringEquals: { 'aws:PrincipalTag/Team': 'a' } } };
  assert.deepEqual(
    [may(undefined), may(worker), may(allowed), may({ ...allowed, boundary })],
    [false, false, true, false],
  );
  assert.deepEqual([may(worker, [byName('Allow')]), may(allowed, [byName('Deny')])], [true, false]);
  assert.equal(may({ ...worker, boundary }, [byName('Allow')]), false);
  assert.equal(may({ ...worker, inline: { p: send('Allow', tagged) } }), true);
  assert.equal(may({ ...worker, tags: {}, inline: { p: send('Allow', tagged) } }), false);
  // In another account both sides have to allow.
  const theirs = queue.replace(accountId, '111122223333');
  const everywhere = { ...worker, attached: ['arn:aws:iam::aws:policy/AmazonSQSFullAccess'] };
  const open = send('Allow', { Resource: theirs, Principal: { AWS: accountId } });
  assert.deepEqual([may(everywhere, [], theirs), may(everywhere, [open], theirs)], [false, true]);
});

test('where nobody is asked who they are, a role that nobody made may do everything in its function’s account', () => {
  const any = { roleArn: 'arn:aws:iam::999999999999:role/any', accountId, action: 'sqs:SendMessage', policies: [] };
  const open = roles(undefined, 'open');
  assert.equal(open.may({ ...any, resource: queue }), true);
  assert.equal(open.may({ ...any, resource: queue.replace(accountId, '111122223333') }), false);
});
