import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPublic, withoutPublic } from './public-policy.ts';

const statements: readonly [isPublic: boolean, statement: object][] = [
  [true, { Effect: 'Allow', Principal: '*' }],
  [true, { Effect: 'Allow', Principal: { AWS: ['111122223333', '*'] } }],
  [true, { Effect: 'Allow', NotPrincipal: { AWS: '111122223333' } }],
  [true, { Effect: 'Allow', Principal: '*', Condition: { StringLike: { 'aws:Referer': 'https://example.com/*' } } }],
  [true, { Effect: 'Allow', Principal: '*', Condition: { StringNotEquals: { 'aws:SourceAccount': '1' } } }],
  [true, { Effect: 'Allow', Principal: '*', Condition: { StringLike: { 'aws:PrincipalOrgID': '*' } } }],
  [false, { Effect: 'Deny', Principal: '*' }],
  [false, { Effect: 'Allow', Principal: { AWS: '111122223333' } }],
  [false, { Effect: 'Allow', Principal: { Service: 'cloudfront.amazonaws.com' } }],
  [false, { Effect: 'Allow', Principal: '*', Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }],
];

test('public is what lets anybody in who is not held to a source', () => {
  for (const [expected, Statement] of statements) {
    assert.equal(isPublic(JSON.stringify({ Statement })), expected, JSON.stringify(Statement));
  }
});

test('without its public statements a policy keeps the others', () => {
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: statements.map(([, statement]) => statement) });
  const { Statement } = JSON.parse(withoutPublic(policy));
  assert.deepEqual(
    Statement,
    statements.filter(([open]) => !open).map(([, statement]) => statement),
  );
});
