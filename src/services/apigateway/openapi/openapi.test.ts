/** Documents in and out: what an API says of itself makes the same API again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemRandom } from '../../../base/random.ts';
import type { RestApiRecord } from '../../../store/restapis/rest-record.ts';
import { checkContent } from '../check-content.ts';
import { newApi } from '../defaults.ts';
import { exported } from './export.ts';
import { imported } from './import.ts';
import { readOpenApi } from './read.ts';

const uri =
  'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:111122223333:function:f/invocations';
const where = { id: 'abcdefghij', accountId: '111122223333', region: 'us-east-1', createdAt: 0, random: systemRandom };
const options = { basepath: undefined, random: systemRandom };
const read = (document: object) => readOpenApi(Buffer.from(JSON.stringify(document)));

function made(document: object, mode: 'merge' | 'overwrite' = 'overwrite', before = newApi({ name: 'x' }, where)) {
  const record = imported(before, read(document), { ...options, mode });
  checkContent(record);
  return record;
}

const swagger = {
  swagger: '2.0',
  info: { title: 'pets', version: '2' },
  basePath: '/v1/api',
  securityDefinitions: {
    key: { type: 'apiKey', name: 'x-api-key', in: 'header' },
    mine: {
      type: 'apiKey',
      name: 'auth',
      in: 'header',
      'x-amazon-apigateway-authtype': 'custom',
      'x-amazon-apigateway-authorizer': { type: 'token', authorizerUri: uri, authorizerResultTtlInSeconds: 60 },
    },
    sigv4: { type: 'apiKey', name: 'Authorization', in: 'header', 'x-amazon-apigateway-authtype': 'awsSigv4' },
  },
  definitions: { 'Pet-1': { type: 'object', properties: { friend: { $ref: '#/definitions/Pet-1' } } } },
  'x-amazon-apigateway-request-validators': { body: { validateRequestBody: true, validateRequestParameters: false } },
  'x-amazon-apigateway-gateway-responses': {
    DEFAULT_4XX: { statusCode: 418, responseTemplates: { 'text/plain': 'no' } },
  },
  'x-amazon-apigateway-binary-media-types': ['image/png'],
  'x-amazon-apigateway-minimum-compression-size': 0,
  'x-amazon-apigateway-api-key-source': 'AUTHORIZER',
  'x-amazon-apigateway-policy': {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' }],
  },
  paths: {
    '/pets/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, type: 'string' }],
      post: {
        operationId: 'addPet',
        security: [{ key: [] }, { mine: [] }],
        'x-amazon-apigateway-request-validator': 'body',
        parameters: [{ in: 'body', name: 'p', schema: { $ref: '#/definitions/Pet-1' } }],
        responses: { 200: { description: 'ok', headers: { 'x-a': { type: 'string' } }, schema: { type: 'array' } } },
        'x-amazon-apigateway-integration': {
          type: 'aws_proxy',
          uri,
          httpMethod: 'POST',
          passthroughBehavior: 'when_no_templates',
          responses: {
            default: { statusCode: 200, responseParameters: { 'method.response.header.x-a': "'1'" } },
          },
        },
      },
    },
    '/any': {
      'x-amazon-apigateway-any-method': {
        security: [{ sigv4: [] }],
        'x-amazon-apigateway-integration': { type: 'aws_proxy', uri, httpMethod: 'POST' },
      },
    },
  },
};

const methodAt = (record: RestApiRecord, path: string, name: string) =>
  record.resources.find((each) => each.path === path)?.resourceMethods[name];

test('a document of version 2 becomes resources, methods, models, authorizers', () => {
  const record = made(swagger);
  assert.deepEqual([record.api.name, record.api.version, record.api.binaryMediaTypes], ['pets', '2', ['image/png']]);
  assert.deepEqual(
    record.resources.map(({ path }) => path),
    ['/', '/pets', '/pets/{id}', '/any'],
  );
  const [authorizer] = record.authorizers;
  const [validator] = record.validators;
  const post = methodAt(record, '/pets/{id}', 'POST');
  assert.deepEqual(
    [post?.operationName, post?.apiKeyRequired, post?.authorizationType, post?.authorizerId, post?.requestValidatorId],
    ['addPet', true, 'CUSTOM', authorizer?.id, validator?.id],
  );
  assert.deepEqual(post?.requestParameters, { 'method.request.path.id': true });
  assert.deepEqual(post?.requestModels, { 'application/json': 'Pet1' });
  assert.deepEqual(post?.methodIntegration?.integrationResponses, {
    200: { statusCode: '200', responseParameters: { 'method.response.header.x-a': "'1'" } },
  });
  assert.equal(post?.methodIntegration?.passthroughBehavior, 'WHEN_NO_TEMPLATES');
  assert.equal(authorizer?.identitySource, 'method.request.header.auth');
  assert.equal(methodAt(record, '/any', 'ANY')?.authorizationType, 'AWS_IAM');
  const pet = record.models.find(({ name }) => name === 'Pet1');
  const link = 'https://apigateway.amazonaws.com/restapis/abcdefghij/models/Pet1';
  assert.equal(JSON.parse(pet?.schema ?? '').properties.friend.$ref, link);
  assert.deepEqual(
    record.gatewayResponses.map(({ responseType, statusCode }) => [responseType, statusCode]),
    [['DEFAULT_4XX', '418']],
  );
});

test('a base path is left out, put before all, or split', () => {
  const paths = (basepath: string | undefined) =>
    imported(newApi({ name: 'x' }, where), read(swagger), { mode: 'overwrite', random: systemRandom, basepath })
      .resources;
  assert.ok(paths('ignore').some(({ path }) => path === '/any'));
  assert.ok(paths('prepend').some(({ path }) => path === '/v1/api/any'));
  assert.ok(paths('split').some(({ path }) => path === '/api/any'));
});

test('merge adds and replaces, overwrite forgets', () => {
  const first = made(swagger);
  const second = { swagger: '2.0', info: { title: 'other' }, paths: { '/new': swagger.paths['/any'] } };
  const merged = made({ ...second, securityDefinitions: swagger.securityDefinitions }, 'merge', first);
  assert.deepEqual(
    merged.resources.map(({ path }) => path),
    ['/', '/pets', '/pets/{id}', '/any', '/new'],
  );
  assert.equal(merged.authorizers[0]?.id, first.authorizers[0]?.id);
  assert.equal(merged.api.name, 'pets');
  const over = made(second, 'overwrite', first);
  assert.deepEqual(
    over.resources.map(({ path }) => path),
    ['/', '/new'],
  );
  assert.equal(over.resources[0]?.id, first.resources[0]?.id);
  assert.equal(over.api.name, 'other');
});

test('what is exported is imported as the same', () => {
  const record = made(swagger);
  for (const version of ['oas30', 'swagger'] as const) {
    const more = {
      version,
      integrations: true,
      authorizers: true,
      settings: true,
      scheme: 'http',
      host: 'localhost',
      stageName: 'dev',
    };
    const again = made(JSON.parse(JSON.stringify(exported(record, more))));
    assert.deepEqual(
      again.resources.map(({ path }) => path),
      record.resources.map(({ path }) => path),
    );
    const [before, after] = [record, again].map((each) => methodAt(each, '/pets/{id}', 'POST'));
    assert.deepEqual(after?.requestModels, before?.requestModels);
    assert.deepEqual(after?.requestParameters, before?.requestParameters);
    assert.deepEqual(after?.methodIntegration?.integrationResponses, before?.methodIntegration?.integrationResponses);
    assert.deepEqual([after?.authorizationType, after?.apiKeyRequired], ['CUSTOM', true], version);
    assert.deepEqual(again.api, record.api);
    assert.deepEqual(again.gatewayResponses, record.gatewayResponses);
    const [validator] = again.validators;
    assert.deepEqual([validator?.name, validator?.id], ['body', after?.requestValidatorId]);
  }
});

test('what is no document, or says what cannot be, is refused', () => {
  const refused = (body: string, message: RegExp) =>
    assert.throws(() => readOpenApi(Buffer.from(body)), { code: 'BadRequestException', message });
  refused('{', /Unable to parse/);
  refused('a: b', /neither Swagger 2 nor OpenAPI 3/);
  refused(`{"swagger":"2.0","a":${'['.repeat(200)}${']'.repeat(200)}}`, /nested/);
  refused(
    'a: &a [x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]',
    /Unable to parse/,
  );
  const loop = { ...swagger, paths: { '/a': { $ref: '#/paths/~1a' } } };
  assert.throws(() => made(loop), { code: 'BadRequestException' });
  const wrong = structuredClone(swagger);
  wrong.paths['/any']['x-amazon-apigateway-any-method']['x-amazon-apigateway-integration'].uri = 'arn:x';
  assert.throws(() => made(wrong), /Unable to put method '\/any\/ANY'/);
});
