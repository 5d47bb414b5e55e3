/** APIs, routes, integrations, stages, deployments, authorizers and tags as their callers see them. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Apigatewayv2Types } from '../../../aws/models/apigatewayv2.types.ts';
import type { RequestContext } from '../../../aws/operation.ts';
import { ManualClock } from '../../../base/manual-clock.ts';
import { systemRandom } from '../../../base/random.ts';
import { ApiStore } from '../../../store/apis/api-store.ts';
import { memoryDocuments } from '../../../store/testing/memory.ts';
import { createApigatewayv2Table } from './table.ts';

type Name = keyof Apigatewayv2Types;

const here = { accountId: '111122223333', region: 'us-east-1', endpoint: 'http://127.0.0.1:4566' };
const fn = 'arn:aws:lambda:us-east-1:111122223333:function:f';
let documents = memoryDocuments();
let table = tableOn(documents);

function tableOn({ database, writer }: ReturnType<typeof memoryDocuments>) {
  const apis = new ApiStore(database, writer);
  return createApigatewayv2Table({ apis, clock: new ManualClock(), random: systemRandom, forgetAuthorised: () => {} });
}

beforeEach(() => {
  documents = memoryDocuments();
  table = tableOn(documents);
});

async function call<N extends Name>(
  name: N,
  input: Partial<Apigatewayv2Types[N]['input']>,
  context: object = here,
): Promise<Apigatewayv2Types[N]['output']> {
  const row = table[name];
  assert.ok('handle' in row, name);
  const handle = row.handle as (input: unknown, context: RequestContext) => unknown; // of this very row
  return (await handle(input, context as RequestContext)) as Apigatewayv2Types[N]['output'];
}

const refused = (name: Name, input: object, code: string, message: RegExp) =>
  assert.rejects(call(name, input), (error: Error & { code: string }) => {
    assert.deepEqual([error.code, message.test(error.message)], [code, true], error.message);
    return true;
  });

async function httpApi(more: object = {}): Promise<string> {
  const { ApiId = '' } = await call('CreateApi', { Name: 'a', ProtocolType: 'HTTP', ...more });
  return ApiId;
}

async function integration(ApiId: string): Promise<string> {
  const input = { ApiId, IntegrationType: 'AWS_PROXY', IntegrationUri: fn, PayloadFormatVersion: '2.0' } as const;
  return (await call('CreateIntegration', input)).IntegrationId ?? '';
}

test('an API has AWS’s defaults, and is its owner’s alone', async () => {
  const { ApiEndpoint, ApiId, CreatedDate, ...shown } = await call('CreateApi', { Name: 'a', ProtocolType: 'HTTP' });
  assert.match(ApiId ?? '', /^[a-z0-9]{10}$/);
  assert.equal(ApiEndpoint, `http://${ApiId}.execute-api.us-east-1.localhost:4566`);
  assert.ok(CreatedDate instanceof Date);
  assert.deepEqual(shown, {
    ApiKeySelectionExpression: '$request.header.x-api-key',
    DisableExecuteApiEndpoint: false,
    IpAddressType: 'ipv4',
    Tags: {},
    Name: 'a',
    ProtocolType: 'HTTP',
    RouteSelectionExpression: '$request.method $request.path',
  });
  const theirs = { ...here, accountId: '999999999999' };
  await assert.rejects(call('GetApi', { ApiId }, theirs), { code: 'NotFoundException' });
  await assert.rejects(call('DeleteApi', { ApiId }, theirs), { code: 'NotFoundException' });
  assert.deepEqual((await call('GetApis', {}, theirs)).Items, []);
});

test('lists come in pages', async () => {
  for (let n = 0; n < 5; n += 1) await httpApi({ Name: `a${n}` });
  const seen: (string | undefined)[] = [];
  let NextToken: string | undefined;
  do {
    const page = await call('GetApis', { MaxResults: '2', NextToken });
    seen.push(...(page.Items ?? []).map(({ Name }) => Name));
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  assert.deepEqual(seen.sort(), ['a0', 'a1', 'a2', 'a3', 'a4']);
  await refused('GetApis', { MaxResults: 'x' }, 'BadRequestException', /maxResults/);
  await refused('GetApis', { NextToken: 'x' }, 'BadRequestException', /nextToken/);
});

test('routes: unique keys, targets that are there, authorizers of their kind', async () => {
  const ApiId = await httpApi();
  const Target = `integrations/${await integration(ApiId)}`;
  const { RouteId } = await call('CreateRoute', { ApiId, RouteKey: 'GET /a', Target });
  await refused('CreateRoute', { ApiId, RouteKey: 'GET /a' }, 'ConflictException', /GET \/a already exists/);
  await refused('CreateRoute', { ApiId, RouteKey: 'get a' }, 'BadRequestException', /not formatted properly/);
  await refused(
    'CreateRoute',
    { ApiId, RouteKey: 'GET /b', Target: 'integrations/no' },
    'NotFoundException',
    /Integration/,
  );
  const jwt = { ApiId, RouteKey: 'GET /c', AuthorizationType: 'JWT', AuthorizerId: 'no' };
  await refused('CreateRoute', jwt, 'NotFoundException', /Authorizer/);
  const updated = await call('UpdateRoute', { ApiId, RouteId, RouteKey: 'GET /z' });
  assert.deepEqual([updated.RouteKey, updated.Target], ['GET /z', Target]);
  const IntegrationId = Target.split('/')[1];
  await refused('DeleteIntegration', { ApiId, IntegrationId }, 'ConflictException', /referenced by Route/);
  await call('DeleteRoute', { ApiId, RouteId });
  await call('DeleteIntegration', { ApiId, IntegrationId });
  await refused('GetRoute', { ApiId, RouteId }, 'NotFoundException', /Invalid Route identifier/);
});

test('integrations: parameters are merged, an empty one goes; what cannot be is refused', async () => {
  const ApiId = await httpApi();
  const IntegrationId = await integration(ApiId);
  const change = (RequestParameters: Record<string, string>) =>
    call('UpdateIntegration', { ApiId, IntegrationId, RequestParameters });
  await change({ 'append:header.a': '1', 'append:header.b': '2' });
  const { RequestParameters } = await change({ 'append:header.a': '', 'overwrite:path': '$request.path' });
  assert.deepEqual(RequestParameters, { 'append:header.b': '2', 'overwrite:path': '$request.path' });
  const bad = (more: object, message: RegExp) =>
    refused('CreateIntegration', { ApiId, PayloadFormatVersion: '1.0', ...more }, 'BadRequestException', message);
  await bad({ IntegrationType: 'AWS_PROXY', IntegrationUri: 'arn:x' }, /Invalid function ARN/);
  await bad({ IntegrationType: 'AWS_PROXY', IntegrationUri: fn, PayloadFormatVersion: '3' }, /PayloadFormatVersion/);
  await bad(
    { IntegrationType: 'HTTP_PROXY', IntegrationUri: 'file:///etc', IntegrationMethod: 'GET' },
    /Invalid HTTP endpoint/,
  );
  await bad({ IntegrationType: 'MOCK' }, /MOCK is not supported/);
  const role = 'arn:aws:iam::999999999999:role/theirs';
  await bad({ IntegrationType: 'AWS_PROXY', IntegrationUri: fn, CredentialsArn: role }, /not a role of the account/);
  const header = (name: string) => ({ RequestParameters: { [`overwrite:header.${name}`]: 'x' } });
  const proxy = { IntegrationType: 'HTTP_PROXY', IntegrationUri: 'http://a/', IntegrationMethod: 'GET' };
  await bad({ ...proxy, ...header('Authorization') }, /restricted/);
  await bad({ ...proxy, ...header('x-amzn-a') }, /restricted/);
  await bad({ ...proxy, RequestParameters: { 'append:header.a': '$nonsense.b' } }, /Invalid mapping expression/);
});

test('a stage that deploys by itself has a new deployment after each change, another its own until it is moved', async () => {
  const ApiId = await httpApi();
  await call('CreateStage', { ApiId, StageName: 'auto', AutoDeploy: true });
  const { DeploymentId: first } = await call('CreateDeployment', { ApiId });
  await call('CreateStage', { ApiId, StageName: 'fixed', DeploymentId: first });
  const on = async (StageName: string) => (await call('GetStage', { ApiId, StageName })).DeploymentId;
  const before = await on('auto');
  await integration(ApiId);
  assert.notEqual(await on('auto'), before);
  assert.equal(await on('fixed'), first);
  const { Items = [] } = await call('GetDeployments', { ApiId });
  assert.deepEqual(Items.map(({ AutoDeployed }) => AutoDeployed).sort(), [false, true]);
  await refused('DeleteDeployment', { ApiId, DeploymentId: first }, 'BadRequestException', /Active stages/);
  await call('CreateDeployment', { ApiId, StageName: 'fixed' });
  await call('DeleteDeployment', { ApiId, DeploymentId: first });
  await refused('UpdateStage', { ApiId, StageName: 'auto', DeploymentId: first }, 'BadRequestException', /automatic/);
});

test('stages are checked', async () => {
  const ApiId = await httpApi();
  const bad = (more: object, message: RegExp, code = 'BadRequestException') =>
    refused('CreateStage', { ApiId, StageName: 's', ...more }, code, message);
  await bad({ StageName: 'a b' }, /Stage name/);
  await bad({ RouteSettings: { 'GET /no': {} } }, /Unable to find Route/, 'NotFoundException');
  await bad({ DeploymentId: 'no' }, /Deployment/, 'NotFoundException');
  await bad({ StageVariables: { 'a-b': 'x' } }, /variable name/);
  await bad({ StageVariables: { a: '<' } }, /variable values/);
  const foreign = 'arn:aws:logs:us-east-1:999999999999:log-group:g';
  await bad({ AccessLogSettings: { DestinationArn: foreign, Format: '$context.requestId' } }, /log group/);
  const DestinationArn = 'arn:aws:logs:us-east-1:111122223333:log-group:g:*';
  await bad({ AccessLogSettings: { DestinationArn, Format: '$context.status' } }, /requestId/);
  await call('CreateStage', { ApiId, StageName: '__proto__' });
  assert.equal((await call('GetStage', { ApiId, StageName: '__proto__' })).StageName, '__proto__');
  await refused('GetStage', { ApiId, StageName: 'constructor' }, 'NotFoundException', /stage/);
  await bad({ StageName: '__proto__' }, /already exists/, 'ConflictException');
});

test('authorizers are checked, and stay while a route needs them', async () => {
  const ApiId = await httpApi();
  const jwt = {
    ...({ ApiId, Name: 'j', AuthorizerType: 'JWT' } as const),
    IdentitySource: ['$request.header.Authorization'],
    JwtConfiguration: { Issuer: 'http://127.0.0.1:1/', Audience: ['a'] },
  };
  const { AuthorizerId } = await call('CreateAuthorizer', jwt);
  await refused('CreateAuthorizer', jwt, 'ConflictException', /unique/);
  await refused(
    'CreateAuthorizer',
    { ...jwt, Name: 'k', IdentitySource: ['Authorization'] },
    'BadRequestException',
    /identity source/,
  );
  await refused(
    'CreateAuthorizer',
    { ...jwt, Name: 'k', JwtConfiguration: { Issuer: 'x' } },
    'BadRequestException',
    /issuer/,
  );
  const request = { ApiId, Name: 'r', AuthorizerType: 'REQUEST', AuthorizerUri: fn, IdentitySource: [] };
  await refused('CreateAuthorizer', request, 'BadRequestException', /AuthorizerPayloadFormatVersion/);
  const { RouteId } = await call('CreateRoute', { ApiId, RouteKey: 'GET /a', AuthorizationType: 'JWT', AuthorizerId });
  await refused('DeleteAuthorizer', { ApiId, AuthorizerId }, 'ConflictException', /referenced/);
  const open = await call('UpdateRoute', { ApiId, RouteId, AuthorizationType: 'NONE' });
  assert.equal(open.AuthorizerId, undefined);
  await call('DeleteAuthorizer', { ApiId, AuthorizerId });
});

test('tags of APIs and stages', async () => {
  const ApiId = await httpApi({ Tags: { a: '1' } });
  await call('CreateStage', { ApiId, StageName: '$default', Tags: { s: '1' } });
  const arn = `arn:aws:apigateway:us-east-1::/apis/${ApiId}`;
  await call('TagResource', { ResourceArn: arn, Tags: { b: '2' } });
  await call('UntagResource', { ResourceArn: arn, TagKeys: ['a'] });
  assert.deepEqual((await call('GetTags', { ResourceArn: arn })).Tags, { b: '2' });
  assert.deepEqual((await call('GetTags', { ResourceArn: `${arn}/stages/$default` })).Tags, { s: '1' });
  await refused('TagResource', { ResourceArn: arn, Tags: { 'aws:x': '1' } }, 'BadRequestException', /reserved/);
  await refused('GetTags', { ResourceArn: `${arn}/stages/no` }, 'NotFoundException', /stage/);
});

test('quick create is changed by UpdateApi; CORS is set and goes', async () => {
  const ApiId = await httpApi({ Target: fn, CorsConfiguration: { AllowOrigins: ['*'] } });
  await call('UpdateApi', { ApiId, Target: 'http://example.com', RouteKey: 'GET /x' });
  const [route] = (await call('GetRoutes', { ApiId })).Items ?? [];
  const [target] = (await call('GetIntegrations', { ApiId })).Items ?? [];
  assert.deepEqual(
    [route?.RouteKey, target?.IntegrationType, target?.PayloadFormatVersion],
    ['GET /x', 'HTTP_PROXY', '1.0'],
  );
  await call('DeleteCorsConfiguration', { ApiId });
  assert.equal((await call('GetApi', { ApiId })).CorsConfiguration, undefined);
  const cors = { AllowOrigins: ['*'], AllowCredentials: true };
  await refused('UpdateApi', { ApiId, CorsConfiguration: cors }, 'BadRequestException', /wildcard/);
  const split = { ExposeHeaders: ['a\r\nb: c'] };
  await refused('UpdateApi', { ApiId, CorsConfiguration: split }, 'BadRequestException', /Invalid header/);
});

test('an imported API is described anew, and its stages are deployed', async () => {
  const at = (path: string, uri: string) => {
    const integration = { type: 'http_proxy', httpMethod: 'GET', uri };
    const paths = { [path]: { get: { 'x-amazon-apigateway-integration': integration } } };
    return JSON.stringify({ openapi: '3.0.1', info: { title: 'imported' }, paths });
  };
  const { ApiId, Name } = await call('ImportApi', { Body: at('/a', 'http://a.example') });
  assert.equal(Name, 'imported');
  await call('CreateStage', { ApiId, StageName: '$default', AutoDeploy: true });
  const before = (await call('GetStage', { ApiId, StageName: '$default' })).DeploymentId;
  await call('ReimportApi', { ApiId, Body: at('/b', 'http://b.example') });
  assert.notEqual((await call('GetStage', { ApiId, StageName: '$default' })).DeploymentId, before);
  const { Items = [] } = await call('GetRoutes', { ApiId });
  assert.deepEqual(
    Items.map(({ RouteKey }) => RouteKey),
    ['GET /b'],
  );
  await refused('ImportApi', { Body: '{}' }, 'BadRequestException', /OpenAPI 3/);
});

test('another store on the same rows knows all of it, in its order', async () => {
  const ApiId = await httpApi({ Target: fn });
  for (const path of ['/b', '/a', '/c']) await call('CreateRoute', { ApiId, RouteKey: `GET ${path}` });
  const shown = async () => [
    await call('GetApi', { ApiId }),
    await call('GetRoutes', { ApiId }),
    await call('GetStages', { ApiId }),
    await call('GetDeployments', { ApiId }),
  ];
  const before = await shown();
  table = tableOn(documents);
  assert.deepEqual(await shown(), before);
});
