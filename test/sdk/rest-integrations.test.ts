/** What stands behind methods of REST APIs: functions with templates, other servers, mocks; and who is let through to them. */
import assert from 'node:assert/strict';
import { createServer, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import {
  type APIGatewayClient,
  CreateModelCommand,
  CreateRequestValidatorCommand,
  PutGatewayResponseCommand,
  PutIntegrationResponseCommand,
  PutMethodResponseCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { CloudWatchLogsClient, CreateLogGroupCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { functionUri, type MethodPlace, proxyTo, RestApiBuilder, startRest } from '../harness/rest-apis.ts';
import type { Server } from '../harness/server.ts';

/** Answers that come in pieces: the second after `/go-on` was asked for, or never. */
function streamer() {
  let goOn = () => {};
  return (url: string | undefined, response: ServerResponse): boolean => {
    if (url === '/slow') {
      response.write('first');
      goOn = () => response.end('second');
      return true;
    }
    if (url === '/broken') response.write('first', () => response.destroy());
    if (url === '/go-on') {
      goOn();
      response.end();
    }
    return url === '/broken' || url === '/go-on';
  };
}

const mockRequest = { 'application/json': '{"statusCode": 200}' };

describe('REST integrations', () => {
  let server: Server;
  let client: APIGatewayClient;
  let backend: HttpServer;
  let backendUrl: string;
  let port: number;
  before(async () => {
    ({ server, client, port } = await startRest());
    const streams = streamer();
    backend = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method, url, headers } = request;
        if (streams(url, response)) return;
        const status = url?.startsWith('/missing') ? 404 : 200;
        response.writeHead(status, { 'content-type': 'application/json', 'x-from': 'backend', server: 'mine' });
        response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }));
      });
    });
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
    backendUrl = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
  });
  after(async () => {
    backend.close();
    backend.closeAllConnections();
    await server[Symbol.asyncDispose]();
  });

  const create = (more: object = {}) => RestApiBuilder.create(client, port, more);
  const responses = async (place: MethodPlace, all: Record<string, object>, headers: readonly string[] = []) => {
    for (const [statusCode, more] of Object.entries(all)) {
      const responseParameters = Object.fromEntries(headers.map((name) => [`method.response.header.${name}`, false]));
      await client.send(new PutMethodResponseCommand({ ...place, statusCode, responseParameters }));
      await client.send(new PutIntegrationResponseCommand({ ...place, statusCode, ...more }));
    }
  };

  test('a mock answers a preflight, and what its templates say', async () => {
    const api = await create();
    const options = await api.method('OPTIONS /a', { type: 'MOCK', requestTemplates: mockRequest });
    const names = ['Access-Control-Allow-Origin', 'Access-Control-Allow-Methods'];
    const responseParameters = {
      'method.response.header.Access-Control-Allow-Origin': "'*'",
      'method.response.header.Access-Control-Allow-Methods': "'GET,OPTIONS'",
    };
    await responses(options, { 200: { responseParameters } }, names);
    const template = '{"statusCode": #if($input.params("s") == "no")404#{else}200#end}';
    const get = await api.method('GET /a', { type: 'MOCK', requestTemplates: { 'application/json': template } });
    const said =
      '{"stage":"$context.stage","v":"$stageVariables.v","q":"$util.escapeJavaScript($input.params(\'q\'))"}';
    await responses(get, {
      200: { responseTemplates: { 'application/json': said } },
      404: { selectionPattern: '4\\d{2}', responseTemplates: { 'text/plain': 'none' } },
    });
    const broken = await api.method('GET /broken', { type: 'MOCK', requestTemplates: { 'application/json': '#if(' } });
    await responses(broken, { 200: {} });
    await api.deploy('dev', { variables: { v: 'blue' } });
    const preflight = await api.ask('/dev/a', { method: 'OPTIONS', headers: { origin: 'http://page' } });
    assert.deepEqual(
      [
        preflight.status,
        preflight.headers['access-control-allow-origin'],
        preflight.headers['access-control-allow-methods'],
      ],
      [200, '*', 'GET,OPTIONS'],
    );
    const answer = await api.ask('/dev/a?q=%22x%22');
    assert.deepEqual([answer.status, answer.headers['content-type']], [200, 'application/json']);
    assert.equal(answer.text, '{"stage":"dev","v":"blue","q":"\\"x\\""}');
    const none = await api.ask('/dev/a?s=no');
    assert.deepEqual([none.status, none.text, none.headers['content-type']], [404, 'none', 'text/plain']);
    const failed = await api.ask('/dev/broken');
    assert.deepEqual([failed.status, failed.text], [500, '{"message": "Internal server error"}']);
  });

  test('a function gets what a template made, and errors choose the response', async () => {
    const api = await create();
    const request = `{"id": "$input.params('id')", "sent": $input.json('$.n') #if($input.path('$.fail') != ""), "fail": "$input.path('$.fail')"#end}`;
    const place = await api.method('POST /things/{id}', {
      ...{ type: 'AWS', integrationHttpMethod: 'POST', uri: functionUri('echo') },
      requestTemplates: { 'application/json': request },
      passthroughBehavior: 'NEVER',
    });
    const failed =
      "{\"why\": \"$input.path('$.errorMessage').split(': ')[1]\"}#set($context.responseOverride.header.X-Over = 'yes')";
    await responses(
      place,
      {
        200: {
          responseParameters: { 'method.response.header.x-id': 'integration.response.body.id' },
          responseTemplates: { 'application/json': '{"got": $input.json("$")}' },
        },
        404: { selectionPattern: 'NotFound: .*', responseTemplates: { 'application/json': failed } },
      },
      ['x-id'],
    );
    await api.deploy();
    const post = (body: object, type = 'application/json') =>
      api.ask('/dev/things/7', { method: 'POST', headers: { 'content-type': type }, body: JSON.stringify(body) });
    const good = await post({ n: [1] });
    assert.deepEqual([good.status, good.text, good.headers['x-id']], [200, '{"got": {"id":"7","sent":[1]}}', '7']);
    const bad = await post({ n: 1, fail: 'NotFound: gone' });
    assert.deepEqual([bad.status, bad.text, bad.headers['x-over']], [404, '{"why": "gone"}', 'yes']);
    // An error that no pattern means is what the response without one gives.
    assert.match((await post({ n: 1, fail: 'other' })).text, /^\{"got": \{"errorType":"Error","errorMessage":"other"/);
    const type = await post({}, 'text/csv');
    assert.deepEqual([type.status, type.text], [415, '{"message":"Unsupported Media Type"}']);
  });

  test('another server gets the request as it is, or as it is mapped', async () => {
    const api = await create();
    const path = { 'integration.request.path.rest': 'method.request.path.proxy' };
    await api.method(
      'ANY /through/{proxy+}',
      {
        type: 'HTTP_PROXY',
        integrationHttpMethod: 'ANY',
        uri: `${backendUrl}/{rest}?fixed=1`,
        requestParameters: path,
      },
      { requestParameters: { 'method.request.path.proxy': true } },
    );
    const custom = await api.method('POST /mapped', {
      ...{ type: 'HTTP', integrationHttpMethod: 'PUT', uri: `${backendUrl}/missing` },
      requestParameters: {
        'integration.request.header.x-stage': 'context.stage',
        'integration.request.querystring.k': 'method.request.querystring.q',
      },
      requestTemplates: { 'application/json': '{"wrapped": $input.body}' },
    });
    await responses(custom, {
      200: {},
      404: { selectionPattern: '404', responseTemplates: { 'application/json': '$input.body' } },
    });
    await api.deploy();
    const through = await api.ask('/dev/through/a%20b/c?x=1', {
      method: 'PATCH',
      headers: { 'x-own': '1' },
      body: 'hi',
    });
    const got = JSON.parse(through.text);
    assert.deepEqual(
      [through.status, got.method, got.url, got.headers['x-own'], got.body],
      [200, 'PATCH', '/a%20b/c?fixed=1&x=1', '1', 'hi'],
    );
    assert.deepEqual([through.headers['x-from'], through.headers['x-amzn-remapped-server']], ['backend', 'mine']);
    assert.equal((await api.ask('/dev/through/a/%2e%2e/b')).status, 400);
    const mapped = await api.ask('/dev/mapped?q=v&other=1', {
      method: 'POST',
      headers: { 'x-own': '1' },
      body: '{"a":1}',
    });
    const seen = JSON.parse(mapped.text);
    assert.deepEqual(
      [mapped.status, seen.method, seen.url, seen.body],
      [404, 'PUT', '/missing?k=v', '{"wrapped": {"a":1}}'],
    );
    assert.deepEqual([seen.headers['x-stage'], seen.headers['x-own']], ['dev', undefined]);
  });

  test('a validator wants its parameters and a body that fits, and an API words its refusals', async () => {
    const api = await create();
    const restApiId = api.id;
    const schema = JSON.stringify({
      type: 'object',
      required: ['n'],
      properties: { n: { type: 'integer', minimum: 1 } },
    });
    await client.send(new CreateModelCommand({ restApiId, name: 'Num', contentType: 'application/json', schema }));
    const both = { restApiId, name: 'both', validateRequestBody: true, validateRequestParameters: true };
    const { id: requestValidatorId } = await client.send(new CreateRequestValidatorCommand(both));
    await api.method('POST /v', proxyTo('web'), {
      requestValidatorId,
      requestModels: { 'application/json': 'Num' },
      requestParameters: { 'method.request.querystring.q': true, 'method.request.header.x-a': false },
    });
    await client.send(
      new PutGatewayResponseCommand({
        ...{ restApiId, responseType: 'BAD_REQUEST_BODY', statusCode: '422' },
        responseParameters: { 'gatewayresponse.header.x-why': 'context.error.responseType' },
        responseTemplates: { 'application/json': '{"why":"$context.error.validationErrorString"}' },
      }),
    );
    await api.deploy();
    const post = (path: string, body: string) => api.ask(path, { method: 'POST', body });
    const missing = await post('/dev/v', '{"n":1}');
    assert.deepEqual([missing.status, missing.text], [400, '{"message":"Missing required request parameters: [q]"}']);
    const low = await post('/dev/v?q=1', '{"n":0}');
    assert.deepEqual([low.status, low.headers['x-why']], [422, 'BAD_REQUEST_BODY']);
    assert.equal(low.text, '{"why":"[numeric instance is lower than the required minimum]"}');
    assert.equal((await post('/dev/v?q=1', '{')).status, 422);
    assert.equal((await post('/dev/v?q=1', '{"n":1}')).status, 200);
  });

  test('a stage throttles its methods, logs its requests, and sends a part of them to a canary', async () => {
    const api = await create();
    await api.method('GET /t', proxyTo('web'));
    await api.deploy('dev', { variables: { v: 'old' } });
    const logs = new CloudWatchLogsClient({
      endpoint: server.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    const logGroupName = '/access/rest';
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    await api.deploy('dev', { canarySettings: { percentTraffic: 100, stageVariableOverrides: { v: 'new' } } });
    assert.equal(JSON.parse((await api.ask('/dev/t')).text).stageVariables.v, 'new');
    const format =
      '{"id":"$context.requestId","status":$context.status,"path":"$context.resourcePath","agent":"$context.identity.userAgent"}';
    const value = `arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}`;
    const patchOperations = [
      { op: 'remove' as const, path: '/canarySettings' },
      { op: 'add' as const, path: '/accessLogSettings/destinationArn', value },
      { op: 'replace' as const, path: '/accessLogSettings/format', value: format },
      { op: 'replace' as const, path: '/*/*/throttling/burstLimit', value: '1' },
      { op: 'replace' as const, path: '/*/*/throttling/rateLimit', value: '0.001' },
    ];
    await client.send(new UpdateStageCommand({ restApiId: api.id, stageName: 'dev', patchOperations }));
    const allowed = await api.ask('/dev/t', { headers: { 'user-agent': 'a"b' } });
    assert.equal(JSON.parse(allowed.text).stageVariables.v, 'old');
    const refused = await api.ask('/dev/t');
    assert.deepEqual([refused.status, refused.text], [429, '{"message":"Too Many Requests"}']);
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
    const lines = events.map(({ message = '' }) => JSON.parse(message));
    assert.deepEqual(
      lines.map(({ id, status, path, agent }) => [id, status, path, agent]),
      [
        [allowed.headers['x-amzn-requestid'], 200, '/t', 'a"b'],
        [refused.headers['x-amzn-requestid'], 429, '/t', '-'],
      ],
    );
    logs.destroy();
  });

  test('bodies are packed for an API that says from which size on', async () => {
    const api = await create({ minimumCompressionSize: 100 });
    await api.method('ANY /z', proxyTo('web'));
    await api.deploy();
    const answer = await fetch(`http://127.0.0.1:${port}/_lambent/apis/${api.id}/dev/z`, {
      headers: { 'accept-encoding': 'gzip' },
    });
    assert.equal(answer.headers.get('content-encoding'), 'gzip');
    assert.equal(JSON.parse(await answer.text()).httpMethod, 'GET');
  });

  test('a function streams its answer after a head of its own', async () => {
    const api = await create();
    const uri = functionUri('streams')
      .replace('2015-03-31', '2021-11-15')
      .replace(/invocations$/, 'response-streaming-invocations');
    const streaming = { ...proxyTo('streams'), uri, responseTransferMode: 'STREAM' as const };
    await api.method('GET /{proxy+}', streaming);
    await api.deploy();
    const answer = await api.ask('/dev/s');
    assert.deepEqual([answer.status, answer.headers['x-a'], answer.text], [201, '/s', 'one two']);
    assert.equal(answer.headers['transfer-encoding'], 'chunked');
    const plain = await api.ask('/dev/plain');
    assert.deepEqual([plain.status, plain.text], [502, '{"message": "Internal server error"}']);
  });

  test('another server streams its answer, which breaks off where its own does', async () => {
    const api = await create();
    const uri = `${backendUrl}/{proxy}`;
    const path = { 'integration.request.path.proxy': 'method.request.path.proxy' };
    await api.method(
      'GET /{proxy+}',
      {
        ...{ type: 'HTTP_PROXY', integrationHttpMethod: 'GET', uri },
        requestParameters: path,
        responseTransferMode: 'STREAM',
      },
      { requestParameters: { 'method.request.path.proxy': true } },
    );
    await api.deploy();
    const ask = (name: string) => fetch(`http://127.0.0.1:${port}/_lambent/apis/${api.id}/dev/${name}`);
    const answer = await ask('slow');
    const reader = answer.body?.getReader();
    const first = await reader?.read();
    assert.deepEqual([answer.status, Buffer.from(first?.value ?? []).toString()], [200, 'first']);
    // The other server writes no more before it has been told that this came.
    await fetch(`${backendUrl}/go-on`);
    const second = await reader?.read();
    assert.equal(Buffer.from(second?.value ?? []).toString(), 'second');
    assert.equal((await reader?.read())?.done, true);
    await assert.rejects(ask('broken').then((broken) => broken.text()));
  });

  test('a function is told and not waited for', async () => {
    const api = await create();
    const place = await api.method('POST /event', {
      ...{ type: 'AWS', integrationHttpMethod: 'POST', uri: functionUri('echo') },
      requestParameters: { 'integration.request.header.X-Amz-Invocation-Type': "'Event'" },
    });
    await responses(place, { 202: { responseTemplates: { 'application/json': '{"accepted": true}' } } });
    await api.deploy();
    const answer = await api.ask('/dev/event', { method: 'POST', body: '{}' });
    assert.deepEqual([answer.status, answer.text], [202, '{"accepted": true}']);
  });
});
