/** REST APIs and all that belongs to them, as their callers see them. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { ApigatewayTypes } from '../../../aws/models/apigateway.types.ts';
import type { RequestContext } from '../../../aws/operation.ts';
import { ManualClock } from '../../../base/manual-clock.ts';
import { systemRandom } from '../../../base/random.ts';
import { RestStore } from '../../../store/restapis/rest-store.ts';
import { memoryDocuments } from '../../../store/testing/memory.ts';
import { UsageCounter } from '../usage-counter.ts';
import { createApigatewayTable } from './table.ts';

type Name = keyof ApigatewayTypes;

const here = { accountId: '111122223333', region: 'us-east-1', endpoint: 'http://127.0.0.1:4566' };
const fn = 'arn:aws:lambda:us-east-1:111122223333:function:f';
const uri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${fn}/invocations`;
const proxy = { type: 'AWS_PROXY', integrationHttpMethod: 'POST', uri } as const;
let documents = memoryDocuments();
let table = tableOn(documents);

function tableOn({ database, writer }: ReturnType<typeof memoryDocuments>) {
  const clock = new ManualClock();
  const rest = new RestStore(database, writer);
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const usage = new UsageCounter({ rest, clock, log });
  return createApigatewayTable({ rest, usage, clock, random: systemRandom, authorizersFlushed: () => {} });
}

beforeEach(() => {
  documents = memoryDocuments();
  table = tableOn(documents);
});

async function call<N extends Name>(
  name: N,
  input: Partial<ApigatewayTypes[N]['input']>,
  context: object = here,
): Promise<ApigatewayTypes[N]['output']> {
  const row = table[name];
  assert.ok('handle' in row, name);
  const handle = row.handle as (input: unknown, context: RequestContext) => unknown; // of this very row
  return (await handle(input, context as RequestContext)) as ApigatewayTypes[N]['output'];
}

const refused = (name: Name, input: object, code: string, message: RegExp) =>
  assert.rejects(call(name, input), (error: Error & { code: string }) => {
    assert.deepEqual([error.code, message.test(error.message)], [code, true], error.message);
    return true;
  });

type Patch = { op: 'add' | 'copy' | 'remove' | 'replace'; path: string; value?: string; from?: string };
const patch = (op: Patch['op'], path: string, value?: string): Patch => ({ op, path, value });

async function api(more: object = {}) {
  const { id: restApiId = '', rootResourceId: parentId = '' } = await call('CreateRestApi', { name: 'a', ...more });
  return { restApiId, parentId };
}

/** An API with `GET /pets`, deployed to `dev`. */
async function deployed() {
  const { restApiId, parentId } = await api();
  const { id: resourceId = '' } = await call('CreateResource', { restApiId, parentId, pathPart: 'pets' });
  const method = { restApiId, resourceId, httpMethod: 'GET' };
  await call('PutMethod', { ...method, authorizationType: 'NONE' });
  await call('PutIntegration', { ...method, ...proxy });
  const { id: deploymentId = '' } = await call('CreateDeployment', { restApiId, stageName: 'dev' });
  return { restApiId, parentId, method, deploymentId };
}

test('an API has AWS’s defaults, and is its owner’s alone', async () => {
  const { id: restApiId, createdDate, rootResourceId, ...shown } = await call('CreateRestApi', { name: 'a' });
  assert.match(restApiId ?? '', /^[a-z0-9]{10}$/);
  assert.match(rootResourceId ?? '', /^[a-z0-9]{10}$/);
  assert.ok(createdDate instanceof Date);
  assert.deepEqual(shown, {
    apiKeySource: 'HEADER',
    disableExecuteApiEndpoint: false,
    name: 'a',
    endpointConfiguration: { types: ['EDGE'], ipAddressType: 'ipv4' },
  });
  const theirs = { ...here, accountId: '999999999999' };
  await assert.rejects(call('GetRestApi', { restApiId }, theirs), {
    code: 'NotFoundException',
    message: `Invalid API identifier specified 999999999999:${restApiId}`,
  });
  await assert.rejects(call('DeleteRestApi', { restApiId }, theirs), { code: 'NotFoundException' });
  assert.deepEqual((await call('GetRestApis', {}, theirs)).items, []);
  await refused('CreateRestApi', { name: ' ' }, 'BadRequestException', /can't be empty/);
});

test('lists come in pages', async () => {
  for (let n = 0; n < 5; n += 1) await api({ name: `a${n}` });
  const seen: (string | undefined)[] = [];
  let position: string | undefined;
  do {
    const page = await call('GetRestApis', { limit: 2, position });
    seen.push(...(page.items ?? []).map(({ name }) => name));
    position = page.position;
  } while (position !== undefined);
  assert.deepEqual(seen.sort(), ['a0', 'a1', 'a2', 'a3', 'a4']);
  await refused('GetRestApis', { position: 'mine' }, 'BadRequestException', /position/);
});

test('an API is changed by patches, all of them or none', async () => {
  const { restApiId } = await api();
  const change = (...patchOperations: Patch[]) => call('UpdateRestApi', { restApiId, patchOperations });
  const after = await change(
    patch('replace', '/name', 'b'),
    patch('add', '/binaryMediaTypes/image~1png'),
    patch('add', '/binaryMediaTypes/*~1*'),
    patch('replace', '/minimumCompressionSize', '100'),
    patch('replace', '/endpointConfiguration/types/EDGE', 'REGIONAL'),
  );
  assert.deepEqual(
    [after.name, after.binaryMediaTypes, after.minimumCompressionSize],
    ['b', ['image/png', '*/*'], 100],
  );
  assert.deepEqual(after.endpointConfiguration?.types, ['REGIONAL']);
  const less = await change(
    patch('remove', '/binaryMediaTypes/image~1png'),
    patch('replace', '/minimumCompressionSize'),
  );
  assert.deepEqual([less.binaryMediaTypes, less.minimumCompressionSize], [['*/*'], undefined]);
  const wrong = [patch('replace', '/name', 'c'), patch('replace', '/nothing', 'x')];
  const input = { restApiId, patchOperations: wrong };
  await refused(
    'UpdateRestApi',
    input,
    'BadRequestException',
    /Invalid patch path {2}'\/nothing' specified for op 'replace'/,
  );
  assert.equal((await call('GetRestApi', { restApiId })).name, 'b');
});

test('resources make a tree, with one variable among siblings', async () => {
  const { restApiId, parentId } = await api();
  const create = (pathPart: string, under = parentId) =>
    call('CreateResource', { restApiId, parentId: under, pathPart });
  const pets = await create('pets');
  assert.deepEqual([pets.path, pets.parentId], ['/pets', parentId]);
  const { id: variable } = await create('{id}', pets.id);
  const toys = await create('toys', variable);
  assert.equal(toys.path, '/pets/{id}/toys');
  const under = (pathPart: string, parent: string | undefined) => ({ restApiId, parentId: parent, pathPart });
  await refused('CreateResource', under('pets', parentId), 'ConflictException', /already has this name: pets/);
  await refused('CreateResource', under('{other}', pets.id), 'BadRequestException', /already has a variable path part/);
  await refused('CreateResource', under('a/b', parentId), 'BadRequestException', /path part only allow/);
  await refused('CreateResource', under('x', 'absent'), 'NotFoundException', /Invalid Resource identifier specified/);
  const rename = [patch('replace', '/pathPart', 'animals')];
  await call('UpdateResource', { restApiId, resourceId: pets.id, patchOperations: rename });
  assert.equal((await call('GetResource', { restApiId, resourceId: toys.id })).path, '/animals/{id}/toys');
  const itself = { restApiId, resourceId: pets.id, patchOperations: [patch('replace', '/parentId', toys.id)] };
  await refused('UpdateResource', itself, 'BadRequestException', /its own parent/);
  await call('DeleteResource', { restApiId, resourceId: pets.id });
  assert.deepEqual(
    (await call('GetResources', { restApiId })).items?.map(({ path }) => path),
    ['/'],
  );
  await refused('DeleteResource', { restApiId, resourceId: parentId }, 'BadRequestException', /Root resource/);
});

test('methods, their integrations and their responses', async () => {
  const { method } = await deployed();
  await refused('PutMethod', { ...method, authorizationType: 'NONE' }, 'ConflictException', /Method already exists/);
  await refused('PutMethod', { ...method, httpMethod: 'GETT' }, 'BadRequestException', /Invalid HTTP method/);
  const custom = { ...method, httpMethod: 'POST', authorizationType: 'CUSTOM', authorizerId: 'absent' };
  await refused('PutMethod', custom, 'BadRequestException', /Invalid authorizer ID specified/);
  const validated = { ...method, httpMethod: 'POST', authorizationType: 'NONE', requestValidatorId: 'absent' };
  await refused('PutMethod', validated, 'NotFoundException', /Invalid Request Validator identifier specified/);
  assert.deepEqual(await call('GetMethod', method), {
    httpMethod: 'GET',
    authorizationType: 'NONE',
    apiKeyRequired: false,
    methodIntegration: {
      passthroughBehavior: 'WHEN_NO_MATCH',
      timeoutInMillis: 29_000,
      cacheNamespace: method.resourceId,
      cacheKeyParameters: [],
      type: 'AWS_PROXY',
      uri,
      httpMethod: 'POST',
    },
  });
  const responseParameters = { 'method.response.header.x-a': false };
  await call('PutMethodResponse', { ...method, statusCode: '200', responseParameters });
  const again = { ...method, statusCode: '200' };
  await refused('PutMethodResponse', again, 'ConflictException', /Response already exists/);
  const mapped = { ...method, statusCode: '200', responseParameters: { 'method.response.header.x-a': "'1'" } };
  await call('PutIntegrationResponse', mapped);
  const undeclared = { ...mapped, responseParameters: { 'method.response.header.x-b': "'1'" } };
  await refused('PutIntegrationResponse', undeclared, 'BadRequestException', /Invalid mapping expression specified/);
  await refused(
    'PutIntegrationResponse',
    { ...mapped, statusCode: '404' },
    'NotFoundException',
    /Response status code/,
  );
  const whole = await call('GetMethod', method);
  assert.equal(whole.methodIntegration?.integrationResponses?.['200']?.statusCode, '200');
  const longer = [patch('replace', '/timeoutInMillis', '100')];
  assert.equal((await call('UpdateIntegration', { ...method, patchOperations: longer })).timeoutInMillis, 100);
  const converting = [patch('replace', '/contentHandling', 'CONVERT_TO_TEXT')];
  const converted = await call('UpdateIntegration', { ...method, patchOperations: converting });
  const asItIs = { ...method, patchOperations: [patch('replace', '/contentHandling', '')] };
  assert.deepEqual(
    [converted.contentHandling, (await call('UpdateIntegration', asItIs)).contentHandling],
    ['CONVERT_TO_TEXT', undefined],
  );
  const tooLong = { ...method, patchOperations: [patch('replace', '/timeoutInMillis', '29001')] };
  await refused('UpdateIntegration', tooLong, 'BadRequestException', /Timeout should be between 50 ms and 29000 ms/);
  const noPath = { ...method, ...proxy, uri: 'arn:aws:apigateway:us-east-1:lambda:x' };
  await refused('PutIntegration', noPath, 'BadRequestException', /AWS ARN for integration must contain path or action/);
  await call('DeleteIntegration', method);
  await refused('GetIntegration', method, 'NotFoundException', /Integration/);
  await call('DeleteMethod', method);
  await refused('GetMethod', method, 'NotFoundException', /Invalid Method identifier specified/);
});

test('a deployment needs methods with integrations, and stays while a stage is on it', async () => {
  const empty = await api();
  await refused(
    'CreateDeployment',
    { restApiId: empty.restApiId },
    'BadRequestException',
    /doesn't contain any methods/,
  );
  const { restApiId, method, deploymentId } = await deployed();
  await call('PutMethod', { ...method, httpMethod: 'PUT', authorizationType: 'NONE' });
  await refused('CreateDeployment', { restApiId }, 'BadRequestException', /No integration defined for method/);
  await refused('DeleteDeployment', { restApiId, deploymentId }, 'BadRequestException', /Active stages/);
  const shown = await call('GetDeployment', { restApiId, deploymentId, embed: ['apisummary'] });
  assert.deepEqual(shown.apiSummary, { '/pets': { GET: { authorizationType: 'NONE', apiKeyRequired: false } } });
  await call('DeleteStage', { restApiId, stageName: 'dev' });
  await call('DeleteDeployment', { restApiId, deploymentId });
  assert.deepEqual((await call('GetDeployments', { restApiId })).items, []);
});

test('a stage has variables, settings of methods, and a canary that is promoted', async () => {
  const { restApiId, deploymentId } = await deployed();
  await refused(
    'CreateStage',
    { restApiId, stageName: 'dev', deploymentId },
    'ConflictException',
    /Stage already exists/,
  );
  await refused('CreateStage', { restApiId, stageName: 'x', deploymentId: 'no' }, 'NotFoundException', /Deployment/);
  const change = (...patchOperations: Patch[]) => call('UpdateStage', { restApiId, stageName: 'dev', patchOperations });
  const set = await change(
    patch('replace', '/variables/v', '1'),
    patch('replace', '/*/*/throttling/rateLimit', '10'),
    patch('replace', '/pets/GET/logging/loglevel', 'INFO'),
    patch('replace', '/~1pets/GET/throttling/burstLimit', '3'),
  );
  assert.deepEqual(set.variables, { v: '1' });
  assert.equal(set.methodSettings?.['*/*']?.throttlingRateLimit, 10);
  const { loggingLevel, throttlingBurstLimit, metricsEnabled } = set.methodSettings?.['pets/GET'] ?? {};
  assert.deepEqual([loggingLevel, throttlingBurstLimit, metricsEnabled], ['INFO', 3, false]);
  const canarySettings = { percentTraffic: 10, stageVariableOverrides: { v: '2' } };
  const { id: fresh } = await call('CreateDeployment', { restApiId, stageName: 'dev', canarySettings });
  const canary = await call('GetStage', { restApiId, stageName: 'dev' });
  assert.deepEqual([canary.deploymentId, canary.canarySettings?.deploymentId], [deploymentId, fresh]);
  const promoted = await change(
    { op: 'copy', from: '/canarySettings/deploymentId', path: '/deploymentId' },
    { op: 'copy', from: '/canarySettings/stageVariableOverrides', path: '/variables' },
    patch('remove', '/canarySettings'),
  );
  assert.deepEqual(
    [promoted.deploymentId, promoted.variables, promoted.canarySettings],
    [fresh, { v: '2' }, undefined],
  );
});

test('models, validators, authorizers and gateway responses', async () => {
  const { restApiId } = await api();
  assert.deepEqual(
    (await call('GetModels', { restApiId })).items?.map(({ name }) => name),
    ['Empty', 'Error'],
  );
  const model = { restApiId, name: 'Pet', contentType: 'application/json', schema: '{"type":"object"}' };
  await call('CreateModel', model);
  await refused('CreateModel', model, 'ConflictException', /Model name already exists/);
  await refused('CreateModel', { ...model, name: 'Bad', schema: '{' }, 'BadRequestException', /Invalid model/);
  const { id: requestValidatorId } = await call('CreateRequestValidator', { restApiId, validateRequestBody: true });
  const validator = await call('GetRequestValidator', { restApiId, requestValidatorId });
  assert.deepEqual([validator.validateRequestBody, validator.validateRequestParameters], [true, false]);
  const token = { restApiId, name: 't', type: 'TOKEN', authorizerUri: uri } as const;
  await refused('CreateAuthorizer', token, 'BadRequestException', /identity source/);
  const authorizer = await call('CreateAuthorizer', { ...token, identitySource: 'method.request.header.auth' });
  assert.deepEqual([authorizer.authorizerResultTtlInSeconds, authorizer.authType], [300, 'custom']);
  const responses = await call('GetGatewayResponses', { restApiId });
  assert.deepEqual([responses.items?.length, responses.items?.every((each) => each.defaultResponse)], [21, true]);
  await call('PutGatewayResponse', { restApiId, responseType: 'THROTTLED', statusCode: '503' });
  const own = await call('GetGatewayResponse', { restApiId, responseType: 'THROTTLED' });
  assert.deepEqual([own.statusCode, own.defaultResponse], ['503', false]);
  await call('DeleteGatewayResponse', { restApiId, responseType: 'THROTTLED' });
  assert.equal((await call('GetGatewayResponse', { restApiId, responseType: 'THROTTLED' })).statusCode, '429');
});

test('keys are in usage plans, plans are on stages', async () => {
  const { restApiId } = await deployed();
  const key = await call('CreateApiKey', { name: 'k', enabled: true });
  assert.match(key.value ?? '', /^[0-9a-f]{40}$/);
  await refused('CreateApiKey', { value: key.value }, 'ConflictException', /API Key already exists/);
  await refused('CreateApiKey', { value: 'short' }, 'BadRequestException', /at least 20/);
  assert.equal((await call('GetApiKey', { apiKey: key.id })).value, undefined);
  assert.equal((await call('GetApiKey', { apiKey: key.id, includeValue: true })).value, key.value);
  const missing = { name: 'p', apiStages: [{ apiId: restApiId, stage: 'nope' }] };
  await refused('CreateUsagePlan', missing, 'NotFoundException', /API Stage/);
  const { id: usagePlanId = '' } = await call('CreateUsagePlan', { name: 'p' });
  const stage = `${restApiId}:dev`;
  const patchOperations = [
    patch('add', '/apiStages', stage),
    patch('replace', `/apiStages/${stage}/throttle/~1pets~1GET/rateLimit`, '2'),
    patch('replace', '/quota/limit', '5'),
    patch('replace', '/quota/period', 'DAY'),
  ];
  const plan = await call('UpdateUsagePlan', { usagePlanId, patchOperations });
  assert.deepEqual(plan.quota, { limit: 5, period: 'DAY' });
  assert.deepEqual(plan.apiStages, [{ apiId: restApiId, stage: 'dev', throttle: { '/pets/GET': { rateLimit: 2 } } }]);
  await call('CreateUsagePlanKey', { usagePlanId, keyId: key.id, keyType: 'API_KEY' });
  await refused('DeleteRestApi', { restApiId }, 'BadRequestException', /associated with usage plan/);
  await refused('DeleteStage', { restApiId, stageName: 'dev' }, 'BadRequestException', /usage plan/);
  await refused('DeleteUsagePlan', { usagePlanId }, 'BadRequestException', /API Stages/);
  const granted = [patch('replace', '/remaining', '9')];
  const usage = await call('UpdateUsage', { usagePlanId, keyId: key.id, patchOperations: granted });
  assert.deepEqual(usage.items, { [key.id ?? '']: [[0, 9]] });
  await call('DeleteApiKey', { apiKey: key.id });
  assert.deepEqual((await call('GetUsagePlanKeys', { usagePlanId })).items, []);
});

test('APIs, stages, keys and plans have tags', async () => {
  const { restApiId } = await deployed();
  const { id: key } = await call('CreateApiKey', {});
  const { id: plan } = await call('CreateUsagePlan', { name: 'p' });
  for (const path of [
    `restapis/${restApiId}`,
    `restapis/${restApiId}/stages/dev`,
    `apikeys/${key}`,
    `usageplans/${plan}`,
  ]) {
    const resourceArn = `arn:aws:apigateway:us-east-1::/${path}`;
    await call('TagResource', { resourceArn, tags: { a: '1', b: '2' } });
    await call('UntagResource', { resourceArn, tagKeys: ['a'] });
    assert.deepEqual((await call('GetTags', { resourceArn })).tags, { b: '2' }, path);
  }
  await refused('GetTags', { resourceArn: 'arn:aws:s3:::b' }, 'BadRequestException', /Invalid ARN/);
});

test('what was answered is there after a start', async () => {
  const { restApiId, method, deploymentId } = await deployed();
  table = tableOn(documents);
  assert.equal((await call('GetMethod', method)).methodIntegration?.uri, uri);
  assert.equal((await call('GetStage', { restApiId, stageName: 'dev' })).deploymentId, deploymentId);
  await call('DeleteStage', { restApiId, stageName: 'dev' });
  await call('DeleteRestApi', { restApiId });
  table = tableOn(documents);
  await refused('GetRestApi', { restApiId }, 'NotFoundException', /Invalid API identifier specified/);
});
