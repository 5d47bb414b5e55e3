/** REST APIs through the official SDK and plain HTTP: made, deployed, asked, changed, and still there after kill -9. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  type APIGatewayClient,
  CreateStageCommand,
  DeleteRestApiCommand,
  GetRestApiCommand,
  GetStageCommand,
  ImportRestApiCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { AddPermissionCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { askServer } from '../harness/apis.ts';
import { createFunction, lambdaClient } from '../harness/client.ts';
import { zip } from '../harness/packages.ts';
import { functionUri, proxyTo, RestApiBuilder, restClient } from '../harness/rest-apis.ts';
import { type Server, startServer } from '../harness/server.ts';

const source = readFileSync(join(import.meta.dirname, '../fixtures/nodejs/rest.js'));

async function allow(lambda: LambdaClient, name: string, SourceArn: string): Promise<void> {
  const Principal = 'apigateway.amazonaws.com';
  const Action = 'lambda:InvokeFunction';
  await lambda.send(new AddPermissionCommand({ FunctionName: name, StatementId: 'api', Action, Principal, SourceArn }));
}

describe('REST APIs', () => {
  let server: Server;
  let lambda: LambdaClient;
  let client: APIGatewayClient;
  let port: number;
  before(async () => {
    server = await startServer();
    lambda = lambdaClient(server.endpoint);
    client = restClient(server.endpoint);
    port = Number(new URL(server.endpoint).port);
    const code = zip([{ name: 'index.js', content: source }]);
    await createFunction(lambda, { name: 'web', zip: code, Timeout: 10 });
    await createFunction(lambda, { name: 'forbidden', zip: code });
    await allow(lambda, 'web', 'arn:aws:execute-api:us-east-1:000000000000:*/*/*/*');
  });
  after(() => server[Symbol.asyncDispose]());

  const proxied = async (more: object = {}) => {
    const api = await RestApiBuilder.create(client, port, more);
    await api.method('ANY /{proxy+}', proxyTo('web'));
    await api.deploy();
    return api;
  };

  test('a function gets the event of payload format 1.0, by host name and by path', async () => {
    const api = await RestApiBuilder.create(client, port);
    await api.method('POST /pets/{id}', proxyTo('web'));
    const deploymentId = await api.deploy('dev', { variables: { color: 'blue' } });
    const answer = await api.ask('/dev/pets/a%20b/?k=1&k=%C3%A9&x', {
      method: 'POST',
      headers: { 'X-Own': ['1', '2'], 'user-agent': 'test', 'content-type': 'application/json' },
      body: '{"n":1}',
    });
    assert.equal(answer.status, 200);
    assert.match(String(answer.headers['x-amzn-requestid']), /^[0-9a-f-]{36}$/);
    assert.match(String(answer.headers['x-amz-apigw-id']), /^[A-Za-z0-9+/]{15}=$/);
    assert.match(String(answer.headers['x-amzn-trace-id']), /^Root=1-/);
    const { headers, multiValueHeaders, requestContext, ...event } = JSON.parse(answer.text);
    assert.deepEqual(event, {
      resource: '/pets/{id}',
      path: '/pets/a%20b/',
      httpMethod: 'POST',
      queryStringParameters: { k: 'é', x: '' },
      multiValueQueryStringParameters: { k: ['1', 'é'], x: [''] },
      pathParameters: { id: 'a%20b' },
      stageVariables: { color: 'blue' },
      body: '{"n":1}',
      isBase64Encoded: false,
    });
    assert.deepEqual([headers['X-Own'], multiValueHeaders['X-Own']], ['2', ['1', '2']]);
    assert.deepEqual([headers.Host, headers['X-Forwarded-Proto']], [api.host, 'http']);
    const { requestTime, requestTimeEpoch, requestId, extendedRequestId, identity, resourceId, ...context } =
      requestContext;
    assert.match(requestTime, /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
    assert.deepEqual(
      [requestId, extendedRequestId, typeof requestTimeEpoch, resourceId.length],
      [answer.headers['x-amzn-requestid'], answer.headers['x-amz-apigw-id'], 'number', 6],
    );
    assert.deepEqual(context, {
      resourcePath: '/pets/{id}',
      httpMethod: 'POST',
      path: '/dev/pets/a%20b/',
      accountId: '000000000000',
      protocol: 'HTTP/1.1',
      stage: 'dev',
      domainPrefix: api.id,
      domainName: api.host,
      deploymentId,
      apiId: api.id,
    });
    assert.deepEqual([identity.sourceIp, identity.userAgent, identity.userArn], ['127.0.0.1', 'test', null]);
    const byPath = await askServer(port, `/_lambent/apis/${api.id}/dev/pets/1`, { method: 'POST' });
    assert.equal(JSON.parse(byPath.text).pathParameters.id, '1');
    assert.equal(JSON.parse(byPath.text).body, null);
    assert.match(String(byPath.headers['content-security-policy']), /^sandbox/);
  });

  test('what a function answers is what the client gets, or a 502', async () => {
    const api = await proxied();
    const created = await api.ask('/dev/created');
    assert.deepEqual(
      [
        created.status,
        created.text,
        created.headers['x-n'],
        created.headers['x-both'],
        created.headers['content-type'],
      ],
      [201, 'made', '1', 'a, b, solo', 'application/json'],
    );
    const headersOnly = await api.ask('/dev/headers');
    assert.deepEqual(
      [headersOnly.status, headersOnly.headers['content-type'], headersOnly.text],
      [200, 'text/plain', ''],
    );
    // Bytes go to those alone who ask for a binary type.
    assert.equal((await api.ask('/dev/binary')).text, 'AP8B');
    for (const name of ['nothing', 'empty', 'text', 'unknown', 'object', 'status', 'lists', 'throws']) {
      const { status, text, headers } = await api.ask(`/dev/${name}`);
      assert.deepEqual([status, text], [502, '{"message": "Internal server error"}'], name);
      assert.equal(headers['x-amzn-errortype'], 'InternalServerErrorException');
    }
  });

  test('binary media types carry bytes both ways', async () => {
    const api = await proxied({ binaryMediaTypes: ['image/png'] });
    const sent = Buffer.from([0, 255, 1]);
    const event = JSON.parse(
      (await api.ask('/dev/e', { method: 'POST', headers: { 'content-type': 'image/png' }, body: sent })).text,
    );
    assert.deepEqual([event.body, event.isBase64Encoded], ['AP8B', true]);
    const got = await fetch(`http://127.0.0.1:${port}/_lambent/apis/${api.id}/dev/binary`, {
      headers: { accept: 'image/png' },
    });
    assert.deepEqual(Buffer.from(await got.arrayBuffer()), sent);
  });

  test('what API Gateway says itself has AWS’s words', async () => {
    const api = await RestApiBuilder.create(client, port);
    await api.method('GET /there', proxyTo('web'));
    await api.method('GET /forbidden', proxyTo('forbidden'));
    await api.method('GET /absent', proxyTo('no-such-function'));
    await api.method('GET /slow', { ...proxyTo('web'), timeoutInMillis: 200 });
    await api.deploy();
    const cases: [string, number, string, string][] = [
      ['/dev/nowhere', 403, '{"message":"Missing Authentication Token"}', 'MissingAuthenticationTokenException'],
      ['/none/there', 403, '{"message":"Forbidden"}', 'ForbiddenException'],
      ['/dev/forbidden', 500, '{"message": "Internal server error"}', 'InternalServerErrorException'],
      ['/dev/absent', 500, '{"message": "Internal server error"}', 'InternalServerErrorException'],
      ['/dev/slow', 504, '{"message": "Endpoint request timed out"}', 'InternalServerErrorException'],
    ];
    for (const [path, status, text, type] of cases) {
      const answer = await api.ask(path);
      assert.deepEqual([answer.status, answer.text, answer.headers['x-amzn-errortype']], [status, text, type], path);
    }
    const wrongMethod = await api.ask('/dev/there', { method: 'DELETE' });
    assert.deepEqual([wrongMethod.status, wrongMethod.text], [403, '{"message":"Missing Authentication Token"}']);
  });

  test('a stage serves its deployment until it is moved; a kill loses nothing', async () => {
    await using own = await startServer();
    const mine = restClient(own.endpoint);
    const api = await RestApiBuilder.create(mine, Number(new URL(own.endpoint).port));
    await api.method('GET /a', proxyTo('no-such-function'));
    const first = await api.deploy();
    await api.method('GET /b', proxyTo('no-such-function'));
    assert.equal((await api.ask('/dev/b')).status, 403);
    const second = await api.deploy('other');
    assert.equal((await api.ask('/other/b')).status, 500);
    const patchOperations = [{ op: 'replace' as const, path: '/deploymentId', value: second }];
    await mine.send(new UpdateStageCommand({ restApiId: api.id, stageName: 'dev', patchOperations }));
    assert.equal((await api.ask('/dev/b')).status, 500);
    await mine.send(new CreateStageCommand({ restApiId: api.id, stageName: 'old', deploymentId: first }));
    await own.kill9();
    await using again = await startServer({ dataDir: own.dataDir });
    const survivor = new RestApiBuilder(restClient(again.endpoint), api.id, Number(new URL(again.endpoint).port));
    assert.equal((await survivor.ask('/dev/b')).status, 500);
    assert.equal((await survivor.ask('/old/b')).status, 403);
    const stage = await survivor.client.send(new GetStageCommand({ restApiId: api.id, stageName: 'old' }));
    assert.equal(stage.deploymentId, first);
    await survivor.client.send(new DeleteRestApiCommand({ restApiId: api.id }));
    await assert.rejects(survivor.client.send(new GetRestApiCommand({ restApiId: api.id })), {
      name: 'NotFoundException',
      message: `Invalid API identifier specified 000000000000:${api.id}`,
    });
    assert.deepEqual(await survivor.ask('/dev/b').then(({ status }) => status), 404);
  });

  test('an OpenAPI document becomes an API', async () => {
    const document = `
openapi: 3.0.1
info: { title: imported, version: '1' }
paths:
  /things/{id}:
    get:
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      x-amazon-apigateway-integration:
        type: aws_proxy
        httpMethod: POST
        uri: ${functionUri('web')}
`;
    const { id = '', name } = await client.send(new ImportRestApiCommand({ body: Buffer.from(document) }));
    assert.equal(name, 'imported');
    const api = new RestApiBuilder(client, id, port);
    await api.deploy();
    assert.equal(JSON.parse((await api.ask('/dev/things/7')).text).pathParameters.id, '7');
  });
});
