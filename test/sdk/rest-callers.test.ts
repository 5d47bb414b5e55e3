/** Who is let through to the methods of REST APIs: keys, functions that authorise, tokens of pools, policies, signatures. */
import assert from 'node:assert/strict';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import {
  type APIGatewayClient,
  CreateApiKeyCommand,
  CreateAuthorizerCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  FlushStageAuthorizersCacheCommand,
  GetUsageCommand,
} from '@aws-sdk/client-api-gateway';
import { functionUri, proxyTo, RestApiBuilder, startRest } from '../harness/rest-apis.ts';
import type { Server } from '../harness/server.ts';

describe('Callers of REST APIs', () => {
  let server: Server;
  let client: APIGatewayClient;
  let port: number;
  before(async () => {
    ({ server, client, port } = await startRest());
  });
  after(() => server[Symbol.asyncDispose]());

  const create = (more: object = {}) => RestApiBuilder.create(client, port, more);

  test('keys let in, slow down and run out', async () => {
    const api = await create();
    const place = await api.method('GET /k', proxyTo('web'), { apiKeyRequired: true });
    assert.ok(place);
    await api.deploy();
    const { id: keyId = '', value = '' } = await client.send(new CreateApiKeyCommand({ name: 'k', enabled: true }));
    const apiStages = [{ apiId: api.id, stage: 'dev' }];
    const quota = { limit: 2, period: 'DAY' as const };
    const { id: usagePlanId } = await client.send(new CreateUsagePlanCommand({ name: 'p', apiStages, quota }));
    const ask = (key: string) => api.ask('/dev/k', { headers: { 'x-api-key': key } });
    const refused = [403, '{"message":"Forbidden"}'];
    assert.deepEqual([(await api.ask('/dev/k')).status, (await ask(value)).text], refused);
    await client.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
    const first = await ask(value);
    assert.deepEqual([first.status, JSON.parse(first.text).requestContext.identity.apiKeyId], [200, keyId]);
    assert.equal((await ask(value)).status, 200);
    const over = await ask(value);
    assert.deepEqual(
      [over.status, over.text, over.headers['x-amzn-errortype']],
      [429, '{"message":"Limit Exceeded"}', 'LimitExceededException'],
    );
    const today = new Date().toISOString().slice(0, 10);
    const usage = await client.send(new GetUsageCommand({ usagePlanId, startDate: today, endDate: today }));
    assert.deepEqual(usage.items, { [keyId]: [[2, 0]] });
    const slow = { name: 's', apiStages, throttle: { burstLimit: 1, rateLimit: 0.001 } };
    const { id: slowPlan } = await client.send(new CreateUsagePlanCommand(slow));
    const other = await client.send(new CreateApiKeyCommand({ enabled: true }));
    await client.send(new CreateUsagePlanKeyCommand({ usagePlanId: slowPlan, keyId: other.id, keyType: 'API_KEY' }));
    assert.equal((await ask(other.value ?? '')).status, 200);
    const fast = await ask(other.value ?? '');
    assert.deepEqual([fast.status, fast.text], [429, '{"message":"Too Many Requests"}']);
  });

  test('functions authorise: by token and by request, cached until they are flushed', async () => {
    const api = await create({ apiKeySource: 'AUTHORIZER' });
    const restApiId = api.id;
    const authorizerUri = functionUri('auth');
    const authorizer = async (type: 'REQUEST' | 'TOKEN', more: object = {}) => {
      const identitySource = 'method.request.header.Auth';
      const input = { restApiId, name: type, type, authorizerUri, identitySource, ...more };
      return (await client.send(new CreateAuthorizerCommand(input))).id;
    };
    const custom = (authorizerId: string | undefined, more: object = {}) => ({
      authorizationType: 'CUSTOM',
      authorizerId,
      ...more,
    });
    await api.method(
      'GET /token',
      proxyTo('web'),
      custom(await authorizer('TOKEN', { identityValidationExpression: '[a-z]+' })),
    );
    const byRequest = custom(await authorizer('REQUEST', { authorizerResultTtlInSeconds: 0 }), {
      apiKeyRequired: true,
    });
    await api.method('GET /request', proxyTo('web'), byRequest);
    await api.deploy();
    const ask = (path: string, auth?: string) =>
      api.ask(`/dev/${path}`, { headers: auth === undefined ? {} : { auth } });
    const said = async (path: string, auth?: string) => {
      const { status, text, headers } = await ask(path, auth);
      return [status, text, headers['x-amzn-errortype']];
    };
    const first = JSON.parse((await ask('token', 'abc')).text).requestContext.authorizer;
    assert.deepEqual([first.principalId, first.number, first.yes], ['user-abc', '7', 'true']);
    const again = JSON.parse((await ask('token', 'abc')).text).requestContext.authorizer;
    assert.equal(again.asked, first.asked);
    await client.send(new FlushStageAuthorizersCacheCommand({ restApiId, stageName: 'dev' }));
    const flushed = JSON.parse((await ask('token', 'abc')).text).requestContext.authorizer;
    assert.notEqual(flushed.asked, first.asked);
    const unauthorized = [401, '{"message":"Unauthorized"}', 'UnauthorizedException'];
    assert.deepEqual(await said('token'), unauthorized);
    assert.deepEqual(await said('token', 'ABC'), unauthorized);
    assert.deepEqual(await said('token', 'unauthorized'), unauthorized);
    const denied = '{"Message":"User is not authorized to access this resource with an explicit deny"}';
    assert.deepEqual(await said('token', 'deny'), [403, denied, 'AccessDeniedException']);
    const other = '{"Message":"User is not authorized to access this resource"}';
    assert.deepEqual(await said('token', 'other'), [403, other, 'AccessDeniedException']);
    assert.deepEqual(await said('token', 'broken'), [500, '{"message":null}', 'AuthorizerConfigurationException']);
    // Its key comes from the authorizer.
    assert.equal((await ask('request', 'me')).status, 403);
    const { id: keyId } = await client.send(
      new CreateApiKeyCommand({ enabled: true, value: 'key-of-me-0123456789abcdef' }),
    );
    const apiStages = [{ apiId: restApiId, stage: 'dev' }];
    const { id: usagePlanId } = await client.send(new CreateUsagePlanCommand({ name: 'a', apiStages }));
    await client.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
    assert.match(JSON.parse((await ask('request', 'me')).text).requestContext.authorizer.asked, /^REQUEST /);
  });

  test('a pool’s tokens are believed, others are not', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k', use: 'sig' };
    const issuer = createServer((request, response) => {
      const configuration = { jwks_uri: `${issuerUrl()}/keys` };
      response.end(JSON.stringify(request.url === '/keys' ? { keys: [jwk] } : configuration));
    });
    const issuerUrl = () => `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`;
    await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
    const token = (claims: object) => {
      const parts = [{ alg: 'RS256', kid: 'k' }, claims].map((each) =>
        Buffer.from(JSON.stringify(each)).toString('base64url'),
      );
      const signature = createSign('RSA-SHA256').update(parts.join('.')).sign(privateKey).toString('base64url');
      return [...parts, signature].join('.');
    };
    const api = await create();
    const pool = { restApiId: api.id, name: 'pool', type: 'COGNITO_USER_POOLS' as const, providerARNs: [issuerUrl()] };
    const { id: authorizerId } = await client.send(new CreateAuthorizerCommand(pool));
    await api.method('GET /p', proxyTo('web'), { authorizationType: 'COGNITO_USER_POOLS', authorizerId });
    await api.deploy();
    const ask = (authorization: string) => api.ask('/dev/p', { headers: { authorization } });
    const exp = Math.floor(Date.now() / 1000) + 60;
    const good = await ask(token({ iss: issuerUrl(), sub: 's', exp }));
    assert.equal(JSON.parse(good.text).requestContext.authorizer.claims.sub, 's');
    const wrong = [
      token({ iss: 'http://other', exp }),
      token({ iss: issuerUrl(), exp: exp - 120 }),
      `${token({ iss: issuerUrl(), exp })}x`,
      'no',
    ];
    for (const each of wrong) assert.equal((await ask(each)).status, 401);
    issuer.close();
    issuer.closeAllConnections();
  });

  test('an API’s policy and signatures decide where they are asked', async () => {
    const policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' },
        { Effect: 'Deny', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/dev/GET/closed' },
      ],
    });
    const api = await create({ policy });
    await api.method('GET /open', proxyTo('web'));
    await api.method('GET /closed', proxyTo('web'));
    await api.method('GET /signed', proxyTo('web'), { authorizationType: 'AWS_IAM' });
    await api.deploy();
    assert.equal((await api.ask('/dev/open')).status, 200);
    const closed = await api.ask('/dev/closed');
    assert.equal(closed.status, 403);
    assert.match(
      closed.text,
      /^\{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:\*{8}0000:/,
    );
    const unsigned = await api.ask('/dev/signed');
    assert.deepEqual([unsigned.status, unsigned.text], [403, '{"message":"Missing Authentication Token"}']);
  });
});
