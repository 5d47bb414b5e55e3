/** Events exactly as AWS sends them (reference: lambda-semantics 6.6, 6.7). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTime } from './event-time.ts';
import { eventV1 } from './event-v1.ts';
import { type EventPlace, eventV2 } from './event-v2.ts';
import type { HttpCall } from './http-call.ts';

const place: EventPlace = {
  accountId: '111122223333',
  apiId: 'abcdefghij',
  domainName: 'abcdefghij.execute-api.us-east-1.localhost:4566',
  stage: 'dev',
  routeKey: 'POST /pets/{id}',
  path: '/dev/pets/7',
  requestId: 'AAAAAAAAAAAAAAA=',
  now: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  trace: 'Root=1-00000000-000000000000000000000000',
  pathParameters: { id: '7' },
  stageVariables: { v: '1' },
};

const call: HttpCall = {
  method: 'POST',
  path: '/dev/pets/7',
  query: 'k=1&k=2&space=a+b%20c&bad=%E0',
  headers: [
    ['Host', place.domainName],
    ['X-Two', 'one'],
    ['x-two', 'two'],
    ['Cookie', 'a=b; c=d'],
    ['Content-Type', 'application/json; charset=utf-8'],
    ['X-Forwarded-For', '10.0.0.1'],
    ['Connection', 'keep-alive'],
    ['User-Agent', 'test'],
  ],
  body: Buffer.from('{"ü":1}'),
  protocol: 'HTTP/1.1',
  sourceIp: '127.0.0.1',
  port: 4566,
  scheme: 'http',
};

const json = (value: unknown) => JSON.parse(JSON.stringify(value));

test('format 2.0', () => {
  assert.deepEqual(json(eventV2(call, place)), {
    version: '2.0',
    routeKey: 'POST /pets/{id}',
    rawPath: '/dev/pets/7',
    rawQueryString: 'k=1&k=2&space=a+b%20c&bad=%E0',
    cookies: ['a=b', 'c=d'],
    headers: {
      host: place.domainName,
      'x-two': 'one,two',
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'test',
      'x-amzn-trace-id': place.trace,
      'x-forwarded-for': '10.0.0.1, 127.0.0.1',
      'x-forwarded-port': '4566',
      'x-forwarded-proto': 'http',
    },
    queryStringParameters: { k: '1,2', space: 'a b c', bad: '%E0' },
    requestContext: {
      accountId: '111122223333',
      apiId: 'abcdefghij',
      domainName: place.domainName,
      domainPrefix: 'abcdefghij',
      http: {
        method: 'POST',
        path: '/dev/pets/7',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'test',
      },
      requestId: 'AAAAAAAAAAAAAAA=',
      routeKey: 'POST /pets/{id}',
      stage: 'dev',
      time: '02/Jan/2026:03:04:05 +0000',
      timeEpoch: 1767323045678,
    },
    pathParameters: { id: '7' },
    stageVariables: { v: '1' },
    body: '{"ü":1}',
    isBase64Encoded: false,
  });
});

test('format 2.0 leaves out what is empty', () => {
  const bare = { ...call, method: 'GET', query: '', headers: [], body: Buffer.alloc(0) };
  const event = json(eventV2(bare, { ...place, pathParameters: {}, stageVariables: {} }));
  const keys = ['version', 'routeKey', 'rawPath', 'rawQueryString', 'headers', 'requestContext', 'isBase64Encoded'];
  assert.deepEqual(Object.keys(event), keys);
});

test('format 1.0', () => {
  const event = json(eventV1(call, place));
  assert.deepEqual(event.multiValueQueryStringParameters, { k: ['1', '2'], space: ['a b c'], bad: ['%E0'] });
  assert.deepEqual(event.queryStringParameters, { k: '2', space: 'a b c', bad: '%E0' });
  assert.equal(event.headers['X-Two'], 'one');
  assert.equal(event.headers.Cookie, 'a=b; c=d');
  const { resource, path, httpMethod, version, pathParameters, body, isBase64Encoded } = event;
  assert.deepEqual(
    { resource, path, httpMethod, version, pathParameters, body, isBase64Encoded },
    {
      resource: '/pets/{id}',
      path: '/dev/pets/7',
      httpMethod: 'POST',
      version: '1.0',
      pathParameters: { id: '7' },
      body: '{"ü":1}',
      isBase64Encoded: false,
    },
  );
  const { identity, ...context } = event.requestContext;
  assert.deepEqual(
    Object.entries(identity).filter(([, value]) => value !== null),
    [
      ['sourceIp', '127.0.0.1'],
      ['userAgent', 'test'],
    ],
  );
  assert.equal(Object.keys(identity).length, 12);
  assert.deepEqual(context.authorizer, { claims: null, scopes: null });
  assert.equal(context.requestTime, '02/Jan/2026:03:04:05 +0000');
});

test('format 1.0 has null where nobody said anything', () => {
  const bare = { ...call, query: '', body: Buffer.alloc(0) };
  const { queryStringParameters, multiValueQueryStringParameters, pathParameters, stageVariables, body } = json(
    eventV1(bare, { ...place, pathParameters: {}, stageVariables: undefined }),
  );
  assert.deepEqual(
    [queryStringParameters, multiValueQueryStringParameters, pathParameters, stageVariables, body],
    [null, null, null, null, null],
  );
});

/** Type, body, and whether it goes in base64. */
const bodies: readonly (readonly [string | undefined, string, boolean])[] = [
  ['text/plain', 'a', false],
  ['application/json', '{}', false],
  ['application/vnd.api+json', '{}', false],
  ['application/xml', '<a/>', false],
  ['application/javascript', '1', false],
  ['application/x-www-form-urlencoded', 'a=b', true],
  ['multipart/form-data; boundary=x', '--x', true],
  ['image/png', 'a', true],
  [undefined, 'a', true],
];

for (const [type, body, base64] of bodies) {
  test(`a body of ${type ?? 'no type'} goes ${base64 ? 'in base64' : 'as text'}`, () => {
    const headers = type === undefined ? [] : [['content-type', type] as const];
    const event = json(eventV2({ ...call, headers, body: Buffer.from(body) }, place));
    assert.equal(event.isBase64Encoded, base64);
    assert.equal(Buffer.from(event.body, base64 ? 'base64' : 'utf8').toString(), body);
  });
}

test('what says that it is text and is not, or is packed, goes in base64', () => {
  const headers = [['content-type', 'text/plain'] as const];
  const binary = { ...call, headers, body: Buffer.from([0xff, 0xfe]) };
  assert.equal(json(eventV2(binary, place)).body, '//4=');
  const packed = { ...call, headers: [...headers, ['content-encoding', 'gzip'] as const], body: Buffer.from('x') };
  assert.equal(json(eventV2(packed, place)).isBase64Encoded, true);
});

test('times as logs of web servers have them', () => {
  assert.equal(eventTime(Date.UTC(2026, 11, 31, 23, 59, 59)), '31/Dec/2026:23:59:59 +0000');
});
