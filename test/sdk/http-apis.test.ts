/** HTTP APIs through the official SDK and plain HTTP: made, deployed, asked, changed, and still there after kill -9. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type Server as HttpServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  type ApiGatewayV2Client,
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
  DeleteApiCommand,
  GetApiCommand,
  GetStagesCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { AddPermissionCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { apisClient, ask, askServer } from '../harness/apis.ts';
import { createFunction, lambdaClient } from '../harness/client.ts';
import { zip } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

const source = readFileSync(join(import.meta.dirname, '../fixtures/nodejs/http.js'));
const functionArn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

async function allow(lambda: LambdaClient, name: string, SourceArn: string, StatementId = 'api'): Promise<void> {
  const Principal = 'apigateway.amazonaws.com';
  const Action = 'lambda:InvokeFunction';
  await lambda.send(new AddPermissionCommand({ FunctionName: name, StatementId, Action, Principal, SourceArn }));
}

describe('HTTP APIs', () => {
  let server: Server;
  let lambda: LambdaClient;
  let apis: ApiGatewayV2Client;
  let port: number;
  before(async () => {
    server = await startServer();
    lambda = lambdaClient(server.endpoint);
    apis = apisClient(server.endpoint);
    port = Number(new URL(server.endpoint).port);
    await createFunction(lambda, { name: 'web', zip: zip([{ name: 'index.js', content: source }]), Timeout: 10 });
    await allow(lambda, 'web', 'arn:aws:execute-api:us-east-1:000000000000:*/*');
  });
  after(() => server[Symbol.asyncDispose]());

  const quick = (more: object = {}) =>
    apis.send(new CreateApiCommand({ Name: 'quick', ProtocolType: 'HTTP', Target: functionArn('web'), ...more }));

  test('quick create answers at once, under its host name and its path', async () => {
    const { ApiEndpoint, ApiId } = await quick();
    assert.match(ApiEndpoint ?? '', new RegExp(`^http://${ApiId}\\.execute-api\\.us-east-1\\.localhost:${port}$`));
    const answer = await ask(ApiEndpoint, '/a%20b/c?x=1&x=2', {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: 'k=v' },
      body: '{"n":1}',
    });
    assert.equal(answer.status, 200);
    assert.match(String(answer.headers['apigw-requestid']), /^[A-Za-z0-9+/]{15}=$/);
    const event = JSON.parse(answer.text);
    assert.equal(event.rawPath, '/a b/c');
    assert.equal(event.rawQueryString, 'x=1&x=2');
    assert.deepEqual([event.cookies, event.body, event.isBase64Encoded], [['k=v'], '{"n":1}', false]);
    assert.equal(event.requestContext.apiId, ApiId);
    assert.equal(event.requestContext.http.method, 'POST');
    const byPath = await askServer(port, `/_lambent/apis/${ApiId}/$default/by/path`, {});
    assert.equal(JSON.parse(byPath.text).rawPath, '/by/path');
    assert.match(String(byPath.headers['content-security-policy']), /^sandbox/);
  });

  test('what a function answers is what the client gets', async () => {
    const { ApiEndpoint } = await quick();
    const got = async (path: string) => {
      const { status, headers, text } = await ask(ApiEndpoint, path);
      return [status, headers['content-type'], text];
    };
    assert.deepEqual(await got('/text'), [200, 'application/json', 'hello']);
    assert.deepEqual(await got('/object'), [200, 'application/json', '{"a":1}']);
    assert.deepEqual(await got('/binary'), [200, 'application/json', 'bytes']);
    assert.deepEqual(await got('/cookies'), [201, 'text/html', '<p>']);
    assert.deepEqual((await ask(ApiEndpoint, '/cookies')).headers['set-cookie'], ['a=1', 'b=2']);
    const failed = [500, 'application/json', '{"message":"Internal Server Error"}'];
    for (const path of ['/broken', '/throws', '/large']) assert.deepEqual(await got(path), failed, path);
    const head = await ask(ApiEndpoint, '/text', { method: 'HEAD' });
    assert.deepEqual([head.status, head.headers['content-length'], head.text], [200, '5', '']);
  });

  test('limits: 10 MB at most come in, 6 MB reach a function, and nobody waits longer than the integration says', async () => {
    const { ApiId, ApiEndpoint } = await apis.send(new CreateApiCommand({ Name: 'slow', ProtocolType: 'HTTP' }));
    const { IntegrationId } = await apis.send(
      new CreateIntegrationCommand({
        ...{ ApiId, IntegrationType: 'AWS_PROXY', IntegrationUri: functionArn('web') },
        ...{ PayloadFormatVersion: '2.0', TimeoutInMillis: 300 },
      }),
    );
    const Target = `integrations/${IntegrationId}`;
    await apis.send(new CreateRouteCommand({ ApiId, RouteKey: 'ANY /{proxy+}', Target }));
    await apis.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));
    const slow = await ask(ApiEndpoint, '/slow');
    assert.deepEqual([slow.status, slow.text], [503, '{"message":"Service Unavailable"}']);
    const tooLarge = [413, '{"message":"Request Entity Too Large"}'];
    for (const megabytes of [7, 11]) {
      const body = Buffer.alloc(megabytes * 1024 * 1024, 'x');
      const { status, text } = await ask(ApiEndpoint, '/up', {
        method: 'POST',
        body,
        headers: { 'content-type': 'text/plain' },
      });
      assert.deepEqual([status, text], tooLarge);
    }
    const none = await ask(ApiEndpoint, '/');
    assert.deepEqual([none.status, none.text], [404, '{"message":"Not Found"}']);
  });

  test('without leave in the function’s policy there is no call', async () => {
    await createFunction(lambda, { name: 'closed', zip: zip([{ name: 'index.js', content: source }]) });
    const { ApiEndpoint, ApiId } = await quick({ Target: functionArn('closed'), RouteKey: 'GET /text' });
    assert.equal((await ask(ApiEndpoint, '/text')).status, 500);
    await allow(lambda, 'closed', `arn:aws:execute-api:us-east-1:000000000000:${ApiId}/*/POST/text`, 'wrong');
    assert.equal((await ask(ApiEndpoint, '/text')).status, 500);
    await allow(lambda, 'closed', `arn:aws:execute-api:us-east-1:000000000000:${ApiId}/*/GET/text`, 'right');
    assert.deepEqual((await ask(ApiEndpoint, '/text')).text, 'hello');
  });

  test('stages: their own deployments, variables, throttling and access logs', async () => {
    const { ApiId, ApiEndpoint } = await quick({ CorsConfiguration: undefined });
    const stage = { ApiId, StageName: 'dev', StageVariables: { color: 'red' } };
    const DestinationArn = 'arn:aws:logs:us-east-1:000000000000:log-group:/apis/dev';
    const Format =
      '{"id":"$context.requestId","route":"$context.routeKey","status":$context.status,"agent":"$context.identity.userAgent"}';
    await apis.send(
      new CreateStageCommand({ ...stage, AutoDeploy: true, AccessLogSettings: { DestinationArn, Format } }),
    );
    const answer = await ask(ApiEndpoint, '/dev/echo', { headers: { 'user-agent': 'a "quoted" one' } });
    const event = JSON.parse(answer.text);
    assert.equal(event.rawPath, '/dev/echo');
    assert.deepEqual([event.stageVariables, event.requestContext.stage], [{ color: 'red' }, 'dev']);
    const DefaultRouteSettings = { ThrottlingBurstLimit: 2, ThrottlingRateLimit: 0.001 };
    await apis.send(new UpdateStageCommand({ ApiId, StageName: 'dev', DefaultRouteSettings }));
    const many = await Promise.all([1, 2, 3, 4].map(() => ask(ApiEndpoint, '/dev/text')));
    assert.deepEqual(many.map(({ status }) => status).sort(), [200, 200, 429, 429]);
    assert.equal(many.find(({ status }) => status === 429)?.text, '{"message":"Too Many Requests"}');
    assert.equal((await ask(ApiEndpoint, '/text')).status, 200);
    const logs = new CloudWatchLogsClient({
      ...{ endpoint: server.endpoint, region: 'us-east-1' },
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: '/apis/dev' }));
    const lines = events.map(({ message }) => JSON.parse(message ?? ''));
    assert.deepEqual(lines.map(({ status }) => status).sort(), [200, 200, 200, 429, 429]);
    assert.equal(lines[0].id, answer.headers['apigw-requestid']);
    assert.equal(lines[0].agent, 'a "quoted" one');
  });

  test('CORS: preflights reach no function, and the configuration has the only word', async () => {
    const { ApiEndpoint } = await quick({
      CorsConfiguration: {
        AllowOrigins: ['https://app.example'],
        AllowMethods: ['GET', 'PUT'],
        AllowHeaders: ['X-A'],
        MaxAge: 60,
      },
    });
    const asks = (origin: string) =>
      ask(ApiEndpoint, '/cors', { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'PUT' } });
    const preflight = await asks('https://app.example');
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers['access-control-allow-origin'], 'https://app.example');
    assert.equal(preflight.headers['access-control-allow-methods'], 'GET,PUT');
    assert.equal(preflight.headers['access-control-allow-headers'], 'x-a');
    assert.equal(preflight.headers['access-control-max-age'], '60');
    assert.equal((await asks('https://evil.example')).headers['access-control-allow-origin'], undefined);
    const page = { headers: { origin: 'https://app.example', 'sec-fetch-site': 'cross-site' } };
    const answer = await ask(ApiEndpoint, '/cors', page);
    assert.deepEqual([answer.status, answer.headers['x-own']], [200, '1']);
    assert.equal(answer.headers['access-control-allow-origin'], 'https://app.example');
  });

  test('pages may ask APIs, and pages of APIs may not ask the AWS API', async () => {
    const { ApiEndpoint = '', ApiId } = await quick();
    const list = (headers: Record<string, string>) => askServer(port, '/2015-03-31/functions', { headers });
    assert.equal((await ask(ApiEndpoint, '/text', { headers: { origin: 'https://evil.example' } })).status, 200);
    assert.equal((await list({ origin: ApiEndpoint })).status, 403);
    assert.equal((await list({ origin: 'https://evil.example' })).status, 403);
    assert.equal((await list({ 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' })).status, 403);
    const rebound = `${ApiId}.execute-api.us-east-1.evil.example`;
    assert.equal((await askServer(port, '/text', { headers: { host: rebound } })).status, 403);
  });
});

describe('HTTP integrations', () => {
  let server: Server;
  let apis: ApiGatewayV2Client;
  let behind: HttpServer;
  let url: string;
  const seen: IncomingMessage[] = [];
  before(async () => {
    server = await startServer();
    apis = apisClient(server.endpoint);
    behind = createServer((request, response) => {
      seen.push(request);
      if (request.url === '/hangs') return;
      if (request.url === '/breaks') return void request.socket.destroy();
      response.writeHead(request.url?.startsWith('/teapot') ? 418 : 200, {
        'x-behind': 'yes',
        connection: 'keep-alive',
        'content-encoding': 'x',
      });
      request.pipe(response);
    });
    await new Promise<void>((resolve) => behind.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(behind.address() as AddressInfo).port}`;
  });
  after(async () => {
    behind.closeAllConnections();
    behind.close();
    await server[Symbol.asyncDispose]();
  });

  test('a request goes through, as it is and as it is mapped', async () => {
    const { ApiId, ApiEndpoint } = await apis.send(
      new CreateApiCommand({ Name: 'h', ProtocolType: 'HTTP', Target: url }),
    );
    const plain = await ask(ApiEndpoint, '/deep/path?q=1', {
      method: 'PUT',
      body: 'hello',
      headers: { te: 'trailers', 'x-a': 'b' },
    });
    assert.deepEqual([plain.status, plain.text, plain.headers['x-behind']], [200, 'hello', 'yes']);
    const first = seen.at(-1);
    assert.deepEqual(
      [first?.method, first?.url, first?.headers['x-a'], first?.headers.te],
      ['PUT', '/deep/path?q=1', 'b', undefined],
    );
    assert.match(String(first?.headers.forwarded), /for=127\.0\.0\.1;host="[a-z0-9]{10}\.execute-api/);
    const { IntegrationId } = await apis.send(
      new CreateIntegrationCommand({
        ...{ ApiId, IntegrationType: 'HTTP_PROXY', IntegrationMethod: 'POST', IntegrationUri: `${url}/{name}` },
        RequestParameters: { 'append:header.x-name': '$request.path.name', 'overwrite:querystring.q': 'new' },
        ResponseParameters: { '418': { 'overwrite:statuscode': '200', 'append:header.x-was': 'teapot' } },
        TimeoutInMillis: 300,
      }),
    );
    await apis.send(
      new CreateRouteCommand({ ApiId, RouteKey: 'GET /to/{name}', Target: `integrations/${IntegrationId}` }),
    );
    await ask(ApiEndpoint, '/to/a%2Fb%20c');
    assert.equal(seen.at(-1)?.url, '/a%2Fb%20c?q=new');
    assert.equal((await ask(ApiEndpoint, '/to/..%2Fteapot')).status, 400);
    assert.equal((await ask(ApiEndpoint, '/%2e%2E/up')).status, 400);
    const teapot = await ask(ApiEndpoint, '/to/teapot');
    assert.deepEqual(
      [seen.at(-1)?.method, seen.at(-1)?.headers['x-name'], seen.at(-1)?.url],
      ['POST', 'teapot', '/teapot?q=new'],
    );
    assert.deepEqual([teapot.status, teapot.headers['x-was']], [200, 'teapot']);
  });

  test('who does not answer is not waited for', async () => {
    const { ApiId, ApiEndpoint } = await apis.send(new CreateApiCommand({ Name: 'h', ProtocolType: 'HTTP' }));
    const route = async (path: string, IntegrationUri: string) => {
      const { IntegrationId } = await apis.send(
        new CreateIntegrationCommand({
          ...{ ApiId, IntegrationType: 'HTTP_PROXY', IntegrationMethod: 'ANY', IntegrationUri, TimeoutInMillis: 200 },
        }),
      );
      await apis.send(
        new CreateRouteCommand({ ApiId, RouteKey: `GET ${path}`, Target: `integrations/${IntegrationId}` }),
      );
    };
    await route('/hangs', `${url}/hangs`);
    await route('/breaks', `${url}/breaks`);
    await route('/nobody', 'http://127.0.0.1:1/');
    await apis.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));
    const got = async (path: string) => (await ask(ApiEndpoint, path)).status;
    assert.deepEqual([await got('/hangs'), await got('/breaks'), await got('/nobody')], [504, 503, 503]);
  });
});

test('what was answered is there after kill -9', async () => {
  await using first = await startServer();
  const apis = apisClient(first.endpoint);
  const made = await apis.send(
    new CreateApiCommand({ Name: 'kept', ProtocolType: 'HTTP', Target: 'http://127.0.0.1:1' }),
  );
  const gone = await apis.send(new CreateApiCommand({ Name: 'gone', ProtocolType: 'HTTP' }));
  await apis.send(new DeleteApiCommand({ ApiId: gone.ApiId }));
  await first.kill9();
  await using second = await startServer({ dataDir: first.dataDir });
  const again = apisClient(second.endpoint);
  assert.equal((await again.send(new GetApiCommand({ ApiId: made.ApiId }))).Name, 'kept');
  const { Items = [] } = await again.send(new GetStagesCommand({ ApiId: made.ApiId }));
  assert.equal(Items[0]?.StageName, '$default');
  await assert.rejects(again.send(new GetApiCommand({ ApiId: gone.ApiId })), { name: 'NotFoundException' });
  const { ApiEndpoint } = await again.send(new GetApiCommand({ ApiId: made.ApiId }));
  assert.equal((await ask(ApiEndpoint, '/')).status, 503);
});
