/** WebSocket APIs: connections that functions let in, messages by their route, and what functions send by themselves. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ApiGatewayV2Client,
  CreateApiCommand,
  CreateAuthorizerCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  type CreateRouteCommandInput,
  CreateRouteResponseCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { AddPermissionCommand } from '@aws-sdk/client-lambda';
import { signed } from '../../src/aws/sigv4/sign.ts';
import { apisClient, askServer } from '../harness/apis.ts';
import { createFunction, lambdaClient } from '../harness/client.ts';
import { nodePackage } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

/** Writes down who went; answers with what it was told. */
const code = `
exports.handler = async (event) => {
  const { routeKey, eventType, connectionId, disconnectStatusCode } = event.requestContext;
  if (eventType === 'CONNECT') {
    if (event.queryStringParameters?.word === 'no') return { statusCode: 403 };
    if (event.queryStringParameters?.word === 'throw') throw new Error('on purpose');
    const protocol = event.headers['Sec-WebSocket-Protocol'] ?? event.headers['sec-websocket-protocol'];
    return { statusCode: 200, headers: protocol ? { 'Sec-WebSocket-Protocol': protocol.split(',')[0] } : {} };
  }
  if (eventType === 'DISCONNECT') return void console.log('gone', connectionId, disconnectStatusCode);
  if (event.body === '{"action":"throw"}') throw new Error('on purpose');
  return { statusCode: 200, body: JSON.stringify(event) };
};`;
const judge = `
exports.handler = async (event) => ({
  principalId: 'ada',
  policyDocument: { Version: '2012-10-17', Statement: [
    { Action: 'execute-api:Invoke', Effect: event.queryStringParameters.key === 'good' ? 'Allow' : 'Deny', Resource: event.methodArn }] },
  context: { team: 'blue', by: event.headers['X-Forwarded-Proto'], trace: event.headers['X-Amzn-Trace-Id'].slice(0, 5) },
});`;
const functionArn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

let server: Server;
let apis: ApiGatewayV2Client;
let port: number;

before(async () => {
  server = await startServer();
  apis = apisClient(server.endpoint);
  port = Number(new URL(server.endpoint).port);
  const lambda = lambdaClient(server.endpoint);
  for (const [name, source] of [
    ['chat', code],
    ['judge', judge],
  ] as const) {
    await createFunction(lambda, { name, zip: nodePackage(source), Timeout: 10 });
    const SourceArn = 'arn:aws:execute-api:us-east-1:000000000000:*';
    const permission = {
      StatementId: 's',
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      SourceArn,
    };
    await lambda.send(new AddPermissionCommand({ FunctionName: name, ...permission }));
  }
});
after(() => server[Symbol.asyncDispose]());

async function chatApi(keys: readonly string[], connectRoute: Partial<CreateRouteCommandInput> = {}) {
  const { ApiId, ApiEndpoint } = await apis.send(
    new CreateApiCommand({ Name: 'chat', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' }),
  );
  const { IntegrationId } = await apis.send(
    new CreateIntegrationCommand({ ApiId, IntegrationType: 'AWS_PROXY', IntegrationUri: functionArn('chat') }),
  );
  const Target = `integrations/${IntegrationId}`;
  for (const RouteKey of keys) {
    const RouteResponseSelectionExpression =
      RouteKey.startsWith('$') && RouteKey !== '$default' ? undefined : '$default';
    const more = RouteKey === '$connect' ? connectRoute : {};
    const route = { ApiId, RouteKey, Target, RouteResponseSelectionExpression, ...more };
    const { RouteId } = await apis.send(new CreateRouteCommand(route));
    if (RouteResponseSelectionExpression === undefined) continue;
    await apis.send(new CreateRouteResponseCommand({ ApiId, RouteId, RouteResponseKey: '$default' }));
  }
  await apis.send(new CreateStageCommand({ ApiId, StageName: 'dev', AutoDeploy: true }));
  return { ApiId, ApiEndpoint, url: `ws://127.0.0.1:${port}/_lambent/apis/${ApiId}/dev` };
}

async function open(url: string, protocols: string[] = []): Promise<WebSocket> {
  const socket = new WebSocket(url, protocols);
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error('not let in'));
  });
  return socket;
}

function next(socket: WebSocket): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.onmessage = ({ data }) => resolve(String(data));
    socket.onclose = ({ code }) => reject(new Error(`closed with ${code}`));
  });
}

/** Whether the function has written it, which it does some time after its client went. */
async function logged(text: string): Promise<boolean> {
  const logs = new CloudWatchLogsClient({ endpoint: server.endpoint, region: 'us-east-1', credentials });
  for (let n = 0; n < 600; n += 1) {
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/chat' }));
    if (events.some(({ message }) => message?.includes(text))) return true;
    await sleep(50);
  }
  return false;
}

async function said(socket: WebSocket, text: string) {
  const answer = next(socket);
  socket.send(text);
  return JSON.parse(await answer);
}

describe('WebSocket APIs', () => {
  test('messages go to their route, the rest to $default, and answers come back', async () => {
    const { ApiEndpoint, ApiId, url } = await chatApi(['$connect', '$disconnect', '$default', 'join']);
    assert.match(ApiEndpoint ?? '', /^ws:\/\/[a-z0-9]{10}\.execute-api\.us-east-1\.localhost:\d+$/);
    const socket = await open(url, ['first', 'second']);
    assert.equal(socket.protocol, 'first');
    const joined = await said(socket, '{"action":"join","n":1}');
    const { routeKey, eventType, stage, apiId, messageId, connectionId, identity } = joined.requestContext;
    assert.deepEqual([routeKey, eventType, stage, apiId], ['join', 'MESSAGE', 'dev', ApiId]);
    assert.equal(typeof messageId, 'string');
    assert.match(connectionId, /^[\w-]{15}=$/);
    assert.equal(identity.sourceIp, '127.0.0.1');
    assert.deepEqual(
      [joined.body, joined.isBase64Encoded, joined.headers],
      ['{"action":"join","n":1}', false, undefined],
    );
    for (const text of ['{"action":"other"}', 'no json', '{"action":"$connect"}', '{"action":"$disconnect"}', '[]']) {
      assert.equal((await said(socket, text)).requestContext.routeKey, '$default', text);
    }
    assert.equal((await said(socket, '{"action":"throw"}')).message, 'Internal server error');
    assert.equal((await said(socket, `"${'x'.repeat(30_000)}"`)).body.length, 30_002);
    socket.close(4000, 'bye');
    assert.ok(await logged(`gone ${connectionId} 4000`));
  });

  test('a function decides who comes in', async () => {
    const { url } = await chatApi(['$connect', '$default']);
    await assert.rejects(open(`${url}?word=no`), /not let in/);
    await assert.rejects(open(`${url}?word=throw`), /not let in/);
    await assert.rejects(open(url.replace(/dev$/, 'nostage')), /not let in/);
    (await open(url)).close();
  });

  test('without $default, what has no route is told so', async () => {
    const { url } = await chatApi(['join']);
    const socket = await open(url);
    const { message, connectionId } = await said(socket, '{"action":"other"}');
    assert.equal(message, 'Forbidden');
    assert.match(connectionId, /=$/);
    socket.close();
  });

  test('an authorizer stands before $connect, and what it found goes with every message', async () => {
    const { ApiId, url } = await chatApi(['$default']);
    const { AuthorizerId } = await apis.send(
      new CreateAuthorizerCommand({
        ...{ ApiId, Name: 'j', AuthorizerType: 'REQUEST', AuthorizerUri: functionArn('judge') },
        IdentitySource: ['route.request.querystring.key'],
      }),
    );
    await apis.send(new CreateRouteCommand({ ApiId, RouteKey: '$connect', AuthorizationType: 'CUSTOM', AuthorizerId }));
    await assert.rejects(open(url), /not let in/);
    await assert.rejects(open(`${url}?key=bad`), /not let in/);
    const socket = await open(`${url}?key=good`);
    const event = await said(socket, 'x');
    assert.deepEqual(event.requestContext.authorizer, {
      ...{ principalId: 'ada', team: 'blue', by: 'http', trace: 'Root=' },
    });
    socket.close();
  });

  test('functions write to connections, look at them and end them', async () => {
    const { ApiId, url } = await chatApi(['$default']);
    const socket = await open(url);
    const { connectionId } = (await said(socket, 'who am I')).requestContext;
    const managed = (method: string, body = '', path = `/_lambent/apis/${ApiId}/dev/@connections/`) => {
      const target = new URL(`${server.endpoint}${path}${encodeURIComponent(connectionId)}`);
      const unsigned = { method, url: target, headers: {}, body: Buffer.from(body) };
      const headers = signed(unsigned, credentials, { service: 'execute-api', region: 'us-east-1', now: Date.now() });
      return askServer(port, target.pathname, { method, headers, body });
    };
    const heard = next(socket);
    assert.equal((await managed('POST', 'hello ü')).status, 200);
    assert.equal(await heard, 'hello ü');
    // As an SDK inside of a function asks, which is given the AWS endpoint and nothing of the API's name.
    const again = next(socket);
    assert.equal((await managed('POST', 'again', '/@connections/')).status, 200);
    assert.equal(await again, 'again');
    const shown = await managed('GET');
    assert.deepEqual([shown.status, JSON.parse(shown.text).identity.sourceIp], [200, '127.0.0.1']);
    const wrong = await askServer(port, `/_lambent/apis/${ApiId}/dev/@connections/abc`, {});
    assert.deepEqual([wrong.status, JSON.parse(wrong.text).message], [400, 'Invalid connectionId: abc']);
    const unsigned = await askServer(
      port,
      `/_lambent/apis/${ApiId}/dev/@connections/${encodeURIComponent(connectionId)}`,
      {},
    );
    assert.deepEqual([unsigned.status, unsigned.headers['x-amzn-errortype']], [403, 'ForbiddenException']);
    assert.equal((await managed('POST', 'x'.repeat(128 * 1024 + 1))).status, 413);
    const closed = new Promise<number>((resolve) => {
      socket.onclose = ({ code }) => resolve(code);
    });
    assert.equal((await managed('DELETE')).status, 204);
    assert.equal(await closed, 1000);
    const gone = await managed('POST', 'x');
    assert.deepEqual([gone.status, gone.headers['x-amzn-errortype']], [410, 'GoneException']);
  });
});

/** A client that says what it likes. */
async function raw(url: string): Promise<Socket> {
  const { pathname } = new URL(url);
  const socket = connect(port, '127.0.0.1');
  const key = Buffer.alloc(16).toString('base64');
  socket.write(
    `GET ${pathname} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  const [head] = await once(socket, 'data');
  assert.match(String(head), /^HTTP\/1\.1 101 [\s\S]*\r\nSec-WebSocket-Accept: ICX\+Yqv66kxgM0FcWaLWlFLwTAI=\r\n/);
  return socket;
}

async function closeCode(socket: Socket): Promise<number> {
  const [bytes] = await once(socket, 'data');
  assert.equal(bytes[0], 0x88);
  await once(socket, 'close');
  return bytes.readUInt16BE(2);
}

describe('hostile WebSocket clients', () => {
  let url: string;
  before(async () => {
    ({ url } = await chatApi(['$default']));
  });

  test('broken frames end the connection with their code', async () => {
    const cases: readonly (readonly [number[], number])[] = [
      [[0x81, 0x01, 0x61], 1002],
      [[0xc1, 0x81, 0, 0, 0, 0, 0x61], 1002],
      [[0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0], 1009],
      [[0x81, 0xfe, 0x80, 0x01, 0, 0, 0, 0], 1009],
      [[0x81, 0x81, 0, 0, 0, 0, 0xff], 1007],
    ];
    for (const [bytes, code] of cases) {
      const socket = await raw(url);
      socket.write(Buffer.from(bytes));
      assert.equal(await closeCode(socket), code);
    }
  });

  test('a thousand messages at once are dealt with one after the other; who goes meanwhile does no harm', async () => {
    const socket = await raw(url);
    const one = Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x61]);
    socket.write(Buffer.concat(Array.from({ length: 1000 }, () => one)));
    let seen = 0;
    for await (const bytes of socket) {
      seen += String(bytes).split('"messageId"').length - 1;
      if (seen >= 1000) break;
    }
    assert.ok(seen >= 1000, `${seen} answers`);
    const rude = await raw(url);
    rude.write(Buffer.concat(Array.from({ length: 100 }, () => one)));
    rude.resetAndDestroy();
    (await open(url)).close();
  });

  test('what is no handshake is none, and what asks for another protocol is answered as HTTP', async () => {
    const { pathname } = new URL(url);
    const upgrade = { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
    assert.equal((await askServer(port, pathname, { headers: upgrade })).status, 400);
    assert.equal(
      (await askServer(port, pathname, { headers: { ...upgrade, 'sec-websocket-version': '8' } })).status,
      400,
    );
    assert.equal((await askServer(port, pathname, {})).status, 403);
    assert.equal((await askServer(port, pathname, { headers: { connection: 'upgrade', upgrade: 'h2c' } })).status, 403);
    const asked = request({
      host: '127.0.0.1',
      port,
      path: '/_lambent/health',
      headers: { ...upgrade, 'sec-websocket-key': 'x' },
    });
    asked.end();
    const [answer] = await once(asked, 'response');
    assert.equal(answer.statusCode, 200);
    answer.resume();
  });
});

test('a server that stops says goodbye to its connections', async () => {
  const { url } = await chatApi(['$default']);
  const socket = await open(url);
  const closed = new Promise<number>((resolve) => {
    socket.onclose = ({ code }) => resolve(code);
  });
  assert.equal(await server.stop(), 0);
  assert.equal(await closed, 1001);
});
