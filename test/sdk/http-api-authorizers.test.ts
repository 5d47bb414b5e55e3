/** Who is let in to routes: by a function's word, by a signature, by a token (the tokens themselves: jwt.test.ts). */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  ApiGatewayV2Client,
  type AuthorizationType,
  CreateApiCommand,
  CreateAuthorizerCommand,
  type CreateAuthorizerCommandInput,
  CreateRouteCommand,
  GetIntegrationsCommand,
  ResetAuthorizersCacheCommand,
} from '@aws-sdk/client-apigatewayv2';
import { AddPermissionCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { type Credentials, signed } from '../../src/aws/sigv4/sign.ts';
import { apisClient, ask } from '../harness/apis.ts';
import { createFunction, lambdaClient } from '../harness/client.ts';
import { nodePackage } from '../harness/packages.ts';
import { createRole, iamClient } from '../harness/roles.ts';
import { type Server, startServer } from '../harness/server.ts';

const echo = 'exports.handler = async (event) => event.requestContext.authorizer ?? null;';
/** Says each time something else, so that a kept word is known, and lets in who knows the word. */
const judge = `
const { randomUUID } = require('node:crypto');
exports.handler = async (event) => {
  const asked = randomUUID();
  const word = event.headers['x-word'] ?? event.headers['X-Word'];
  if (word === 'throw') throw new Error('on purpose');
  if (word === 'refuse') throw new Error('Unauthorized');
  if (word === 'nonsense') return { any: 'thing' };
  const context = { asked, source: event.identitySource, arn: event.routeArn ?? event.methodArn, version: event.version };
  if (event.version === '2.0') return { isAuthorized: word === 'open', context };
  const Statement = [{ Action: 'execute-api:Invoke', Effect: word === 'open' ? 'Allow' : 'Deny', Resource: '*' }];
  if (word === 'one') Statement[0] = { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: event.methodArn };
  return { principalId: 'ada', policyDocument: { Version: '2012-10-17', Statement }, context };
};`;
const functionArn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

async function open(lambda: LambdaClient, name: string, code: string): Promise<void> {
  await createFunction(lambda, { name, zip: nodePackage(code), Timeout: 10 });
  const permission = { StatementId: 's', Action: 'lambda:InvokeFunction', Principal: 'apigateway.amazonaws.com' };
  await lambda.send(new AddPermissionCommand({ FunctionName: name, ...permission }));
}

interface Guarded {
  readonly ApiId: string | undefined;
  readonly at: string | undefined;
  route(key: string, AuthorizationType: AuthorizationType, AuthorizerId?: string, scopes?: string[]): Promise<void>;
  authorizer(input: Omit<CreateAuthorizerCommandInput, 'ApiId'>): Promise<string | undefined>;
}

async function guardedApi(apis: ApiGatewayV2Client): Promise<Guarded> {
  const quick = { Name: 'g', ProtocolType: 'HTTP', Target: functionArn('echo') } as const;
  const { ApiId, ApiEndpoint } = await apis.send(new CreateApiCommand(quick));
  const { Items = [] } = await apis.send(new GetIntegrationsCommand({ ApiId }));
  const Target = `integrations/${Items[0]?.IntegrationId}`;
  return {
    ApiId,
    at: ApiEndpoint,
    async route(RouteKey, AuthorizationType, AuthorizerId, AuthorizationScopes) {
      const input = { ApiId, RouteKey, Target, AuthorizationType, AuthorizerId, AuthorizationScopes };
      await apis.send(new CreateRouteCommand(input));
    },
    async authorizer(input) {
      return (await apis.send(new CreateAuthorizerCommand({ ApiId, ...input }))).AuthorizerId;
    },
  };
}

describe('authorizers', () => {
  let server: Server;
  let apis: ApiGatewayV2Client;
  before(async () => {
    server = await startServer();
    const lambda = lambdaClient(server.endpoint);
    apis = apisClient(server.endpoint);
    await Promise.all([open(lambda, 'echo', echo), open(lambda, 'judge', judge)]);
  });
  after(() => server[Symbol.asyncDispose]());

  const request = (more: object): Omit<CreateAuthorizerCommandInput, 'ApiId'> => ({
    ...{ Name: 'r', AuthorizerType: 'REQUEST', AuthorizerUri: functionArn('judge') },
    IdentitySource: ['$request.header.X-Word'],
    ...more,
  });

  test('a function says yes or no, and its word is kept as long as it may be', async () => {
    const api = await guardedApi(apis);
    const simple = {
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      AuthorizerResultTtlInSeconds: 60,
    };
    const id = await api.authorizer(request(simple));
    await api.route('GET /a/{x}', 'CUSTOM', id);
    const got = async (path: string, word?: string) => {
      const { status, text } = await ask(api.at, path, { headers: word === undefined ? {} : { 'x-word': word } });
      return [status, JSON.parse(text)];
    };
    assert.deepEqual(await got('/a/1'), [401, { message: 'Unauthorized' }]);
    assert.deepEqual(await got('/a/1', 'wrong'), [403, { message: 'Forbidden' }]);
    const [status, first] = await got('/a/1', 'open');
    assert.equal(status, 200);
    assert.deepEqual([first.lambda.version, first.lambda.source], ['2.0', ['open']]);
    assert.equal(first.lambda.arn, `arn:aws:execute-api:us-east-1:000000000000:${api.ApiId}/$default/GET/a/1`);
    assert.equal((await got('/a/2', 'open'))[1].lambda.asked, first.lambda.asked);
    await apis.send(new ResetAuthorizersCacheCommand({ ApiId: api.ApiId, StageName: '$default' }));
    assert.notEqual((await got('/a/1', 'open'))[1].lambda.asked, first.lambda.asked);
    assert.deepEqual(await got('/a/1', 'throw'), [500, { message: 'Internal Server Error' }]);
    assert.deepEqual(await got('/a/1', 'nonsense'), [500, { message: 'Internal Server Error' }]);
    assert.deepEqual(await got('/a/1', 'refuse'), [401, { message: 'Unauthorized' }]);
  });

  test('a policy that is kept is weighed for each request', async () => {
    const api = await guardedApi(apis);
    const id = await api.authorizer(request({ AuthorizerPayloadFormatVersion: '1.0' }));
    await api.route('ANY /p/{x}', 'CUSTOM', id);
    const got = (path: string, word: string) => ask(api.at, path, { headers: { 'x-word': word } });
    const allowed = await got('/p/1', 'open');
    const { asked: _, ...context } = JSON.parse(allowed.text).lambda;
    const arn = `arn:aws:execute-api:us-east-1:000000000000:${api.ApiId}/$default/GET/p/1`;
    assert.deepEqual(context, { source: 'open', arn, version: '1.0' });
    assert.equal((await got('/p/1', 'closed')).status, 403);
    assert.equal((await got('/p/1', 'one')).status, 200);
    assert.equal((await got('/p/2', 'one')).status, 403);
  });

  test('a token of a configured issuer', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    let issuer = '';
    const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'k' }];
    const issuing = createServer((asked, response) => {
      response.end(JSON.stringify(asked.url === '/keys' ? { keys } : { jwks_uri: `${issuer}/keys` }));
    });
    await new Promise<void>((resolve) => issuing.listen(0, '127.0.0.1', resolve));
    issuer = `http://127.0.0.1:${(issuing.address() as AddressInfo).port}`;
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = (exp: number) => {
      const text = `${part({ alg: 'RS256', kid: 'k' })}.${part({ iss: issuer, aud: 'app', sub: 'ada', exp, scope: 'read' })}`;
      return `Bearer ${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
    };
    const api = await guardedApi(apis);
    const id = await api.authorizer({
      ...{ Name: 'j', AuthorizerType: 'JWT', IdentitySource: ['$request.header.Authorization'] },
      JwtConfiguration: { Issuer: issuer, Audience: ['app'] },
    });
    await api.route('GET /read', 'JWT', id, ['read']);
    await api.route('GET /write', 'JWT', id, ['write']);
    const inAMinute = Math.floor(Date.now() / 1000) + 60;
    const got = (path: string, exp: number) => ask(api.at, path, { headers: { authorization: token(exp) } });
    const allowed = await got('/read', inAMinute);
    assert.deepEqual([allowed.status, JSON.parse(allowed.text).jwt.claims.sub], [200, 'ada']);
    assert.deepEqual(JSON.parse(allowed.text).jwt.scopes, ['read']);
    assert.equal((await got('/write', inAMinute)).status, 403);
    const late = await got('/read', 1);
    assert.deepEqual([late.status, late.text], [401, '{"message":"Unauthorized"}']);
    assert.match(String(late.headers['www-authenticate']), /^Bearer .*error="invalid_token"/);
    issuing.close();
    issuing.closeAllConnections();
  });
});

test('AWS_IAM: a signature, and leave for this very method and path', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-apis-'));
  const program = join(import.meta.dirname, '../../bin/lambent');
  const key = (...words: string[]): Credentials => {
    const args = ['keys', 'create', '--json', ...words, '--data', folder];
    const { AccessKeyId, SecretAccessKey } = JSON.parse(execFileSync(program, args, { encoding: 'utf8' }));
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
  };
  const root = key();
  const nobody = key('--user', 'nobody');
  try {
    await using server = await startServer({ dataDir: folder, flags: ['--auth', 'signed'] });
    await createRole(iamClient(server.endpoint, root));
    await open(lambdaClient(server.endpoint, root), 'echo', echo);
    const options = { endpoint: server.endpoint, region: 'us-east-1', credentials: root, maxAttempts: 1 };
    const api = await guardedApi(new ApiGatewayV2Client(options));
    await api.route('POST /iam', 'AWS_IAM');
    const asked = async (credentials: Credentials, service = 'execute-api', sent = 'body') => {
      const url = new URL('/iam?b=2&a=1', api.at);
      const scope = { service, region: 'us-east-1', now: Date.now() };
      const headers = signed({ method: 'POST', url, headers: {}, body: Buffer.from('body') }, credentials, scope);
      const { status, text } = await ask(api.at, '/iam?b=2&a=1', { method: 'POST', headers, body: sent });
      return [status, JSON.parse(text)?.iam?.userArn ?? text];
    };
    const forbidden = [403, '{"message":"Forbidden"}'];
    assert.deepEqual(await asked(root), [200, 'arn:aws:iam::000000000000:root']);
    assert.deepEqual(await asked(nobody), forbidden);
    assert.deepEqual(await asked({ ...root, secretAccessKey: 'wrong' }), forbidden);
    assert.deepEqual(await asked(root, 'lambda'), forbidden);
    assert.deepEqual(await asked(root, 'execute-api', 'other'), forbidden);
    assert.equal((await ask(api.at, '/iam', { method: 'POST' })).status, 403);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
