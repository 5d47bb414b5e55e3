import assert from 'node:assert/strict';
import { test } from 'node:test';
import { iamRules } from './rules.ts';
import { accountId, allow, document, lambdaTrust, scene } from './testing/scene.ts';

test('what is asked for is what is kept, however its name is written', async (t) => {
  const s = scene(t);
  const Tags = [{ Key: 'Team', Value: 'a' }];
  await s.call('CreateRole', { RoleName: 'Admin', Path: '/x/', AssumeRolePolicyDocument: lambdaTrust, Tags });
  const PolicyDocument = document(allow('s3:*'));
  const { Policy } = await s.call('CreatePolicy', { PolicyName: 'p', PolicyDocument, Tags });
  const rules = iamRules(s.keys.records);
  const asked = (operation: string, input: object) => ({
    ...{ operation, input: { ...input }, region: 'us-east-1', accountId },
  });
  const cases: [operation: string, input: object, resource: string][] = [
    ['DeleteRole', { RoleName: 'admin' }, 'arn:aws:iam::000000000000:role/x/Admin'],
    ['CreateRole', { RoleName: 'new', Path: '/y/' }, 'arn:aws:iam::000000000000:role/y/new'],
    ['AttachRolePolicy', { RoleName: 'ADMIN', PolicyArn: 'p' }, 'arn:aws:iam::000000000000:role/x/Admin'],
    ['CreatePolicy', { PolicyName: 'new' }, 'arn:aws:iam::000000000000:policy/new'],
    ['DeletePolicy', { PolicyArn: Policy?.Arn }, 'arn:aws:iam::000000000000:policy/p'],
    ['PutUserPolicy', { UserName: 'ada', PolicyName: 'p' }, 'arn:aws:iam::000000000000:user/ada'],
    ['ListRoles', {}, '*'],
  ];
  for (const [operation, input, resource] of cases) {
    assert.deepEqual(rules.needs(asked(operation, input)), [{ action: `iam:${operation}`, resource }]);
  }
  const callerArn = 'arn:aws:iam::000000000000:user/ada';
  assert.deepEqual(rules.needs({ ...asked('CreateAccessKey', {}), callerArn }), [
    { action: 'iam:CreateAccessKey', resource: callerArn },
  ]);
  const keys = (operation: string, input: object) => Object.fromEntries(rules.keys?.(asked(operation, input)) ?? []);
  assert.deepEqual(keys('AttachRolePolicy', { RoleName: 'admin', PolicyArn: 'arn' }), {
    'iam:policyarn': 'arn',
    'aws:resourcetag/team': 'a',
    'iam:resourcetag/team': 'a',
  });
  assert.equal(keys('DeletePolicy', { PolicyArn: Policy?.Arn })['aws:resourcetag/team'], 'a');
  assert.deepEqual(keys('TagRole', { RoleName: 'r', Tags }), { 'aws:requesttag/team': 'a', 'aws:tagkeys': ['Team'] });
});
