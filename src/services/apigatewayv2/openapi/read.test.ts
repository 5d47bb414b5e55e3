/** OpenAPI documents as SAM and people write them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemRandom } from '../../../base/random.ts';
import type { ApiRecord } from '../../../store/apis/api-record.ts';
import { described } from './build.ts';
import { parseDocument } from './document.ts';
import { readDescription } from './read.ts';

const uri =
  'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:111122223333:function:f/invocations';
const proxy = { type: 'aws_proxy', httpMethod: 'POST', payloadFormatVersion: '2.0', uri };

const document = {
  openapi: '3.0.1',
  info: { title: 'pets', version: '7', description: 'of pets' },
  tags: [{ name: 'httpapi:createdBy', 'x-amazon-apigateway-tag-value': 'SAM' }, { name: 'other' }],
  servers: [{ url: 'https://x/{basePath}', variables: { basePath: { default: '/v1/pets' } } }],
  'x-amazon-apigateway-cors': { allowOrigins: ['*'], allowMethods: ['get'], maxAge: 5 },
  paths: {
    '/pets/{id}': {
      get: { operationId: 'getPet', 'x-amazon-apigateway-integration': proxy, security: [{ tokens: ['read'] }] },
      post: {
        'x-amazon-apigateway-integration': { $ref: '#/components/x-amazon-apigateway-integrations/site' },
        security: [{ iam: [] }],
      },
    },
    '/open': { get: { 'x-amazon-apigateway-integration': proxy, security: [] }, summary: 'no method' },
    $default: {
      'x-amazon-apigateway-any-method': {
        isDefaultRoute: true,
        'x-amazon-apigateway-integration': proxy,
        security: [{ word: [] }],
      },
    },
  },
  components: {
    securitySchemes: {
      tokens: {
        type: 'oauth2',
        'x-amazon-apigateway-authorizer': {
          ...{ type: 'jwt', identitySource: '$request.header.Authorization' },
          jwtConfiguration: { issuer: 'https://issuer.example', audience: ['app'] },
        },
      },
      word: {
        type: 'apiKey',
        'x-amazon-apigateway-authorizer': {
          ...{ type: 'request', identitySource: '$request.header.a, $request.header.b', authorizerUri: uri },
          ...{ authorizerPayloadFormatVersion: 2, enableSimpleResponses: true, authorizerResultTtlInSeconds: 60 },
        },
      },
      iam: { type: 'apiKey', 'x-amazon-apigateway-authtype': 'awsSigv4' },
    },
    'x-amazon-apigateway-integrations': {
      site: {
        type: 'http_proxy',
        httpMethod: 'ANY',
        uri: 'https://x.example/{id}',
        requestParameters: { 'append:header.a': 'b' },
      },
    },
  },
};

const empty: ApiRecord = {
  ...{ accountId: '111122223333', region: 'us-east-1', id: 'abcdefghij' },
  api: { Name: 'a', ProtocolType: 'HTTP', RouteSelectionExpression: '', createdAt: 0 },
  ...{ routes: [], integrations: [], authorizers: [], stages: [], deployments: [] },
};

const read = (said: object, basepath?: string) => readDescription(parseDocument(JSON.stringify(said)), basepath);

test('routes, integrations and authorizers of a document', () => {
  const api = read(document);
  assert.deepEqual([api.name, api.version, api.description], ['pets', '7', 'of pets']);
  assert.deepEqual(api.tags, { 'httpapi:createdBy': 'SAM' });
  assert.deepEqual([api.cors?.AllowOrigins, api.cors?.AllowMethods, api.cors?.MaxAge], [['*'], ['GET'], 5]);
  const record = described(empty, api, systemRandom);
  const target = (id: string | undefined) =>
    record.integrations.find((each) => `integrations/${each.IntegrationId}` === id);
  const authorizer = (id: string | undefined) =>
    record.authorizers.find(({ AuthorizerId }) => AuthorizerId === id)?.Name;
  assert.deepEqual(
    record.routes.map((route) => [
      ...[route.RouteKey, route.AuthorizationType, authorizer(route.AuthorizerId), route.AuthorizationScopes],
      target(route.Target)?.IntegrationType,
    ]),
    [
      ['GET /pets/{id}', 'JWT', 'tokens', ['read'], 'AWS_PROXY'],
      ['POST /pets/{id}', 'AWS_IAM', undefined, undefined, 'HTTP_PROXY'],
      ['GET /open', 'NONE', undefined, undefined, 'AWS_PROXY'],
      ['$default', 'CUSTOM', 'word', undefined, 'AWS_PROXY'],
    ],
  );
  assert.equal(record.integrations.length, 2);
  assert.equal(record.routes[0]?.OperationName, 'getPet');
  const word = record.authorizers.find(({ Name }) => Name === 'word');
  assert.deepEqual(word?.IdentitySource, ['$request.header.a', '$request.header.b']);
  assert.equal(word?.AuthorizerPayloadFormatVersion, '2.0');
});

test('the base path is ignored, prepended or split', () => {
  const first = (basepath?: string) => read(document, basepath).routes[0]?.key;
  assert.equal(first(), 'GET /pets/{id}');
  assert.equal(first('prepend'), 'GET /v1/pets/pets/{id}');
  assert.equal(first('split'), 'GET /pets/pets/{id}');
  assert.throws(() => read(document, 'other'), { code: 'BadRequestException' });
});

test('YAML is read as JSON is', () => {
  assert.deepEqual(parseDocument('openapi: 3.0.1\npaths: {}'), parseDocument('{"openapi":"3.0.1","paths":{}}'));
});

test('what cannot be read says why', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['openapi: [3.0.1', /neither JSON nor YAML/],
    ['{"openapi": 3.0.1', /neither JSON nor YAML/],
    ['{"swagger":"2.0"}', /only definitions of OpenAPI 3/],
    ['null', /only definitions of OpenAPI 3/],
  ];
  for (const [text, message] of cases) assert.throws(() => parseDocument(text), { message });
  const at = (operation: object) => ({ openapi: '3.0.1', paths: { '/a': { get: operation } } });
  const bad = (integration: object) => () =>
    described(empty, read(at({ 'x-amazon-apigateway-integration': integration })), systemRandom);
  assert.throws(bad({ type: 'mock' }), /integration type mock/);
  assert.throws(bad({ $ref: '#/components/__proto__/x' }), /Unable to resolve/);
  assert.throws(bad({ $ref: 'http://x' }), /Unable to resolve/);
  assert.throws(bad({ type: 'aws_proxy', uri: 'arn:x' }), /Invalid function ARN/);
  assert.deepEqual(read(at({})).warnings, ['No integration for GET /a']);
});
