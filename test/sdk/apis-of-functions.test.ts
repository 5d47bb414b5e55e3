/** APIs that functions make: what they lead to is never this machine, which their makers cannot reach themselves. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { CreateApiCommand, CreateRouteCommand, GetIntegrationsCommand } from '@aws-sdk/client-apigatewayv2';
import { apisClient, ask } from '../harness/apis.ts';
import { createFunction, invoke, lambdaClient } from '../harness/client.ts';
import { nodePackage } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

const source = nodePackage(`
const scope = 'AKIATEST/20260101/us-east-1/apigateway/aws4_request';
exports.handler = async ({ path, body }) => {
  const answer = await fetch(process.env.AWS_ENDPOINT_URL + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-amz-date': '20260101T000000Z',
      authorization: 'AWS4-HMAC-SHA256 Credential=' + scope + ', SignedHeaders=host;x-amz-date, Signature=' + '0'.repeat(64),
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  return text.startsWith('{') ? JSON.parse(text) : { answer: text };
};`);

let server: Server;
let secrets: ReturnType<typeof createServer>;
let target = '';

before(async () => {
  secrets = createServer((_, response) => response.end('secret')).listen(0, '127.0.0.1');
  await once(secrets, 'listening');
  const address = secrets.address();
  if (address !== null && typeof address === 'object') target = `http://localhost:${address.port}/`;
  server = await startServer();
  await createFunction(lambdaClient(server.endpoint), { name: 'maker', zip: source });
});

after(async () => {
  secrets.close();
  secrets.closeAllConnections();
  await server[Symbol.asyncDispose]();
});

/** Plain processes reach the machine by themselves, and are not told from other programs. */
async function isInside(): Promise<boolean> {
  const answer = await fetch(`${server.endpoint}/_lambent/health`);
  const health: unknown = await answer.json();
  return typeof health === 'object' && health !== null && 'sandbox' in health && health.sandbox === 'namespace';
}

test('an API that a function made or touched leads elsewhere only', async (t) => {
  if (!(await isInside())) return t.skip('functions are plain processes here');
  const lambda = lambdaClient(server.endpoint);
  const quick = { name: 'a', protocolType: 'HTTP', target };
  const { payload } = await invoke(lambda, 'maker', { path: '/v2/apis', body: quick });
  const { apiEndpoint } = payload as { apiEndpoint: string };
  assert.match(apiEndpoint, /execute-api/, JSON.stringify(payload));
  // The function's endpoint has another host; the name in it is what counts.
  const made = apiEndpoint.replace(
    /\/\/([^.]+).*/,
    `//$1.execute-api.us-east-1.localhost:${new URL(server.endpoint).port}`,
  );
  assert.deepEqual((await ask(made, '/')).status, 503);

  const apis = apisClient(server.endpoint);
  const own = await apis.send(new CreateApiCommand({ Name: 'b', ProtocolType: 'HTTP', Target: target }));
  assert.equal((await ask(own.ApiEndpoint, '/')).text, 'secret', 'of the operator, it leads here');
  const { Items = [] } = await apis.send(new GetIntegrationsCommand({ ApiId: own.ApiId }));
  const route = { RouteKey: 'GET /more', Target: `integrations/${Items[0]?.IntegrationId}` };
  await apis.send(new CreateRouteCommand({ ApiId: own.ApiId, ...route }));
  assert.equal((await ask(own.ApiEndpoint, '/more')).text, 'secret');
  const body = { routeKey: 'GET /theirs', target: route.Target };
  await invoke(lambda, 'maker', { path: `/v2/apis/${own.ApiId}/routes`, body });
  assert.equal((await ask(own.ApiEndpoint, '/theirs')).status, 503);
});

test('so does a REST API', async (t) => {
  if (!(await isInside())) return t.skip('functions are plain processes here');
  const body = {
    swagger: '2.0',
    info: { title: 'c' },
    paths: {
      '/': {
        get: { 'x-amazon-apigateway-integration': { type: 'http_proxy', httpMethod: 'GET', uri: target } },
      },
    },
  };
  const lambda = lambdaClient(server.endpoint);
  const { payload } = await invoke(lambda, 'maker', { path: '/restapis?mode=import', body });
  const { id } = payload as { id: string };
  const deployed = await invoke(lambda, 'maker', { path: `/restapis/${id}/deployments`, body: { stageName: 'dev' } });
  assert.match(JSON.stringify(deployed.payload), /"id"/);
  const endpoint = `http://${id}.execute-api.us-east-1.localhost:${new URL(server.endpoint).port}`;
  const answer = await ask(endpoint, '/dev/');
  assert.equal(answer.status, 504, answer.text);
  assert.doesNotMatch(answer.text, /secret/);
});
