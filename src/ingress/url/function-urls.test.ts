import assert from 'node:assert/strict';
import { connect } from 'node:http2';
import { test } from 'node:test';
import { signed } from '../../aws/sigv4/sign.ts';
import { systemClock } from '../../base/clock.ts';
import { systemRandom } from '../../base/random.ts';
import { Authenticator } from '../../iam/authenticate.ts';
import type { AccessKey } from '../../iam/keys.ts';
import type { InvokeRequest, InvokeResult } from '../../lambda/invoke/door.ts';
import { ownedKey, put } from '../../lambda/model/resources.ts';
import { addressKey, type FunctionUrl, urlKey } from '../../lambda/model/url.ts';
import { silentLog } from '../../observe/log.ts';
import { memoryDocuments } from '../../store/testing/memory.ts';
import { version } from '../../store/testing/records.ts';
import { knownKey, serverSecret, startFront } from '../testing/front.ts';
import { FunctionUrls } from './function-urls.ts';

const id = 'f'.repeat(32);
const key = { accountId: knownKey.accountId, region: 'us-east-1', name: 'web' };
const nobodysKey: AccessKey = {
  ...knownKey,
  accessKeyId: 'AKIDNOBODY',
  principalArn: `arn:aws:iam::${key.accountId}:user/eve`,
  policies: [],
};

/** A server where requests must be signed, with one function behind a URL. */
async function world(url: Partial<FunctionUrl> = {}, policy?: object) {
  const { functions, resources } = memoryDocuments();
  const latest = { ...version(key.name, 'r1', 'aa'), ...key };
  await functions.create({ ...key, latest, serving: latest, tags: {}, createdAt: 0 });
  const kept: FunctionUrl = { id, authType: 'AWS_IAM', invokeMode: 'BUFFERED', createdAt: 0, lastModified: 0, ...url };
  await resources.write([
    put('function-url', urlKey(key, undefined), kept),
    put('url-address', addressKey(id), { accountId: key.accountId, region: key.region, functionName: key.name }),
    ...(policy ? [put('policy', ownedKey(key, ''), { document: JSON.stringify(policy), revisionId: 'r' })] : []),
  ]);
  const invoked: InvokeRequest[] = [];
  const next: { result: InvokeResult } = { result: { kind: 'success', payload: Buffer.from('"ok"') } };
  const invoke = async (request: InvokeRequest) => {
    invoked.push(request);
    return next.result;
  };
  const keys = { find: (wanted: string) => [knownKey, nobodysKey].find(({ accessKeyId }) => accessKeyId === wanted) };
  const clock = systemClock;
  const callers = new Authenticator({ mode: 'signed', keys, serverSecret, clock });
  const parts = { functions, resources, door: { invoke, stream: invoke }, callers, clock, random: systemRandom };
  const functionUrls = new FunctionUrls({ ...parts, log: silentLog });
  const front = await startFront({}, { authentication: 'signed', keys, functionUrls });
  return { front, invoked, next };
}

async function call(endpoint: string, key?: AccessKey, change: Partial<{ service: string; body: string }> = {}) {
  const url = new URL(`${endpoint}/_lambent/url/${id}/a%20b/c?k=%C3%BC&a=1`);
  const body = Buffer.from('{"a":1}');
  const scope = { service: change.service ?? 'lambda', region: 'us-east-1', now: systemClock.now() };
  const headers = key && signed({ method: 'POST', url, headers: {}, body }, key, scope);
  const answer = await fetch(url, { method: 'POST', headers, body: change.body ?? body });
  return { status: answer.status, error: answer.headers.get('x-amzn-errortype'), text: await answer.text() };
}

test('AWS_IAM: a signature is verified, and whose it is has to be allowed', async () => {
  const { front, invoked } = await world();
  await using server = front;
  const { status, text } = await call(server.endpoint, knownKey);
  assert.deepEqual([status, text], [200, 'ok']);
  const event = JSON.parse(invoked[0]?.payload.toString() ?? '');
  assert.deepEqual(
    [event.rawPath, event.rawQueryString, event.requestContext.accountId],
    ['/a%20b/c', 'k=%C3%BC&a=1', key.accountId],
  );
  assert.equal(event.requestContext.authorizer.iam.userArn, knownKey.principalArn);
  assert.equal(event.requestContext.authorizer.iam.accessKey, knownKey.accessKeyId);
  const refused = async (...args: Parameters<typeof call> extends [string, ...infer Rest] ? Rest : never) => {
    const { status, error } = await call(server.endpoint, ...args);
    return `${status} ${error}`;
  };
  assert.equal(await refused(), '403 AccessDeniedException');
  assert.equal(await refused(nobodysKey), '403 AccessDeniedException');
  assert.equal(await refused({ ...knownKey, secretAccessKey: 'guessed' }), '403 InvalidSignatureException');
  assert.equal(await refused({ ...knownKey, accessKeyId: 'AKIDUNKNOWN' }), '403 UnrecognizedClientException');
  assert.match(await refused(knownKey, { body: '{"a":2}' }), /^403 InvalidSignatureException/);
  assert.match(await refused(knownKey, { service: 's3' }), /^403 /);
  assert.equal(invoked.length, 1);
});

const everybody = (Action: string | string[], FunctionUrlAuthType = 'NONE') => ({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: '*',
    Action,
    Resource: `arn:aws:lambda:us-east-1:${key.accountId}:function:web`,
    Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': FunctionUrlAuthType } },
  },
});
const both = ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'];

test("NONE: the function's policy has to let everybody do both, by its way", async () => {
  const cases = [
    [undefined, 403],
    [everybody('lambda:InvokeFunctionUrl'), 403],
    [everybody('lambda:InvokeFunction'), 403],
    [everybody(both, 'AWS_IAM'), 403],
    [everybody(both), 200],
  ] as const;
  for (const [policy, status] of cases) {
    const { front } = await world({ authType: 'NONE' }, policy);
    await using server = front;
    assert.equal((await call(server.endpoint)).status, status, JSON.stringify(policy?.Statement));
  }
});

test('what keeps a function from answering becomes a status', async () => {
  const { front, next } = await world();
  await using server = front;
  const statuses: [InvokeResult, number][] = [
    [{ kind: 'function-error', payload: Buffer.from('{}') }, 502],
    [{ kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded' }, 429],
    [{ kind: 'recursive' }, 502],
    [{ kind: 'unavailable', message: 'The server is stopping' }, 503],
    [{ kind: 'success', payload: Buffer.from('not JSON') }, 502],
  ];
  for (const [result, status] of statuses) {
    next.result = result;
    assert.equal((await call(server.endpoint, knownKey)).status, status, result.kind);
  }
});

test('HTTP/2 reaches a URL as well', async () => {
  const { front, invoked } = await world({ authType: 'NONE' }, everybody(both));
  await using server = front;
  const session = connect(server.endpoint);
  const authority = `${id}.lambda-url.us-east-1.localhost`;
  const stream = session.request({ ':path': '/two', ':authority': authority, 'x-a': '1' });
  const { promise, resolve } = Promise.withResolvers<number>();
  stream.on('response', (headers) => resolve(Number(headers[':status'])));
  stream.resume();
  assert.equal(await promise, 200);
  session.close();
  const { requestContext, headers } = JSON.parse(invoked[0]?.payload.toString() ?? '');
  assert.deepEqual(
    [requestContext.http.protocol, requestContext.domainName, headers.host, headers['x-a']],
    ['HTTP/2.0', authority, authority, '1'],
  );
});
