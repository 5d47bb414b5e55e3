import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apigatewayv2Rules } from './rules.ts';

const needs = (operation: string, input: object) =>
  apigatewayv2Rules
    .needs({ operation, input: { ...input }, region: 'eu-west-1', accountId: '111122223333' })
    .map(({ action, resource }) => `${action} ${resource}`);

test('an operation needs its HTTP method on the path of its API', () => {
  assert.deepEqual(needs('GetApis', {}), ['apigateway:GET arn:aws:apigateway:eu-west-1::/apis']);
  assert.deepEqual(needs('UpdateStage', { ApiId: 'a', StageName: '$default' }), [
    'apigateway:PATCH arn:aws:apigateway:eu-west-1::/apis/a/stages/$default',
  ]);
  assert.deepEqual(needs('GetTags', { ResourceArn: 'arn:aws:x::/apis/a' }), [
    'apigateway:GET arn:aws:apigateway:eu-west-1::/tags/arn%3Aaws%3Ax%3A%3A%2Fapis%2Fa',
  ]);
});

test('a role is given away only by who may pass it on', () => {
  const CredentialsArn = 'arn:aws:iam::111122223333:role/r';
  assert.deepEqual(needs('CreateIntegration', { ApiId: 'a', CredentialsArn })[1], `iam:PassRole ${CredentialsArn}`);
});
