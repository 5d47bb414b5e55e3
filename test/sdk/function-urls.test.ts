/** Functions behind URLs, as browsers and signing clients call them. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionUrlConfigCommand,
  type CreateFunctionUrlConfigCommandInput,
  DeleteAliasCommand,
  DeleteFunctionUrlConfigCommand,
  GetFunctionUrlConfigCommand,
  type LambdaClient,
  PublishVersionCommand,
} from '@aws-sdk/client-lambda';
import { signed } from '../../src/aws/sigv4/sign.ts';
import { createFunction, lambdaClient } from '../harness/client.ts';
import { nodePackage } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

const source = nodePackage(`
const streamed = awslambda.streamifyResponse(async (event, stream) => {
  if (event.rawPath === '/plain') { stream.write('piece'); stream.end(); return; }
  if (event.rawPath === '/breaks') { stream.write('piece'); throw new Error('midway'); }
  const head = { statusCode: 201, headers: { 'x-own': 'yes' }, cookies: ['a=1', 'b=2'] };
  const out = awslambda.HttpResponseStream.from(stream, head);
  for (let n = 0; n < 3; n += 1) { out.write('part ' + n + ';'); await new Promise((r) => setTimeout(r, 20)); }
  out.end();
});
exports.streamed = streamed;
exports.handler = async (event) => {
  const answer = event.headers['x-answer'];
  if (answer === 'throw') throw new Error('as asked');
  if (answer === undefined) return event;
  return JSON.parse(answer);
};`);

let server: Server;
let lambda: LambdaClient;

before(async () => {
  server = await startServer();
  lambda = lambdaClient(server.endpoint);
  await createFunction(lambda, { name: 'web', zip: source });
  await createFunction(lambda, { name: 'streams', zip: source, Handler: 'index.streamed' });
});

after(() => server[Symbol.asyncDispose]());

async function allow(FunctionName: string, Qualifier?: string): Promise<void> {
  const common = { FunctionName, Qualifier, Principal: '*' };
  await lambda.send(
    new AddPermissionCommand({
      ...common,
      StatementId: 'url',
      Action: 'lambda:InvokeFunctionUrl',
      FunctionUrlAuthType: 'NONE',
    }),
  );
  await lambda.send(
    new AddPermissionCommand({
      ...common,
      StatementId: 'via',
      Action: 'lambda:InvokeFunction',
      InvokedViaFunctionUrl: true,
    }),
  );
}

async function makeUrl(input: Partial<CreateFunctionUrlConfigCommandInput> = {}): Promise<URL> {
  const { FunctionUrl = '' } = await lambda.send(
    new CreateFunctionUrlConfigCommand({ FunctionName: 'web', AuthType: 'NONE', ...input }),
  );
  return new URL(FunctionUrl);
}

interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer;
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  readonly broken: boolean;
  /** How often the server asked for the body. */
  readonly asked: number;
}

/** To 127.0.0.1 whatever the name in the URL, so that nothing has to resolve it. */
function call(url: URL, path = '/', { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const options = { host: '127.0.0.1', port: url.port, path, method, headers: { host: url.host, ...headers } };
  let asked = 0;
  const sent = request(options, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk) => chunks.push(chunk));
    const done = (broken: boolean) => {
      const { statusCode: status = 0, headers } = response;
      resolve({ status, headers, text: Buffer.concat(chunks).toString(), broken, asked });
    };
    response.on('end', () => done(false));
    response.on('error', () => done(true));
  });
  sent.on('continue', () => {
    asked += 1;
  });
  sent.on('error', reject);
  sent.end(body);
  return promise;
}

test('a request arrives as AWS writes it: path, query, cookies, headers, body', async () => {
  const url = await makeUrl();
  assert.equal((await call(url)).status, 403, 'nobody may before a policy lets them');
  await allow('web');
  const headers = { 'X-Multi': ['1', '2'], cookie: 'a=1; b=2', 'content-type': 'application/json', 'user-agent': 'me' };
  const {
    status,
    text,
    headers: answered,
  } = await call(url, '/pa2%Fth/%C3%BC?k=1&k=2&e=a+b', {
    method: 'POST',
    headers,
    body: '{"ü":1}',
  });
  assert.equal(status, 200);
  assert.equal(answered['content-type'], 'application/json');
  const event = JSON.parse(text);
  const id = url.hostname.split('.')[0];
  assert.deepEqual(
    [event.version, event.routeKey, event.rawPath, event.rawQueryString, event.cookies],
    ['2.0', '$default', '/pa2%Fth/%C3%BC', 'k=1&k=2&e=a+b', ['a=1', 'b=2']],
  );
  assert.deepEqual(event.queryStringParameters, { k: '1,2', e: 'a b' });
  assert.deepEqual([event.body, event.isBase64Encoded], ['{"ü":1}', false]);
  const { host, 'x-multi': multi, 'x-forwarded-for': from, 'x-forwarded-proto': proto, cookie } = event.headers;
  assert.deepEqual([host, multi, from, proto, cookie], [url.host, '1,2', '127.0.0.1', 'http', undefined]);
  const { time, timeEpoch, requestId, ...context } = event.requestContext;
  assert.match(time, /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
  assert.equal(answered['x-amzn-requestid'], requestId);
  assert.deepEqual(context, {
    accountId: 'anonymous',
    apiId: id,
    domainName: url.host,
    domainPrefix: id,
    http: { method: 'POST', path: '/pa2%Fth/%C3%BC', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'me' },
    routeKey: '$default',
    stage: '$default',
  });
  assert.ok(Math.abs(timeEpoch - Date.now()) < 60_000);
  const binary = JSON.parse(
    (await call(url, '/', { method: 'POST', body: Buffer.from([0, 255]), headers: { 'content-type': 'image/png' } }))
      .text,
  );
  assert.deepEqual([binary.body, binary.isBase64Encoded], ['AP8=', true]);
  const expected = await call(url, '/', {
    method: 'POST',
    body: '{}',
    headers: { ...headers, expect: '100-continue' },
  });
  assert.deepEqual([expected.status, expected.asked, JSON.parse(expected.text).body], [200, 1, '{}']);
  const empty = JSON.parse((await call(url)).text);
  assert.deepEqual([empty.body, empty.queryStringParameters, empty.cookies], [undefined, undefined, undefined]);
});

/** what the function returns → status, body, and some headers */
const answers: readonly (readonly [
  returned: unknown,
  status: number,
  body: string,
  headers?: Record<string, unknown>,
])[] = [
  ['hello', 200, 'hello', { 'content-type': 'application/json', 'content-length': '5' }],
  [{ a: 1 }, 200, '{"a":1}'],
  [[1], 200, '[1]'],
  [7, 200, '7'],
  [null, 200, 'null'],
  [{ statusCode: '418', body: 'tea' }, 418, 'tea', { 'content-type': 'application/json' }],
  [{ statusCode: 200, body: { a: 1 } }, 200, '{"a":1}'],
  [{ statusCode: 204 }, 204, ''],
  [
    { statusCode: 200, body: 'aGk=', isBase64Encoded: true, headers: { 'Content-Type': 'text/plain' } },
    200,
    'hi',
    { 'content-type': 'text/plain' },
  ],
  [
    { statusCode: 302, headers: { Location: '/x', 'X-N': 1 }, cookies: ['a=1', 'b=2; Secure'] },
    302,
    '',
    { location: '/x', 'x-n': '1', 'set-cookie': ['a=1', 'b=2; Secure'] },
  ],
  [
    { statusCode: 200, headers: { 'Content-Length': '999', Connection: 'close' }, body: 'ok' },
    200,
    'ok',
    { 'content-length': '2' },
  ],
  [{ statusCode: 200, headers: { 'X-Amzn-RequestId': 'mine', 'x-own': 'kept' } }, 200, '', { 'x-own': 'kept' }],
  [{ statusCode: 99 }, 502, 'Internal Server Error'],
  [{ statusCode: 'soon' }, 502, 'Internal Server Error'],
  [{ statusCode: 200, headers: { 'x-bad': 'a\r\nset-cookie: b=1' } }, 502, 'Internal Server Error'],
  [{ statusCode: 200, headers: [1] }, 502, 'Internal Server Error', undefined],
];

test('what a function returns becomes a response, or 502 where it cannot', async () => {
  const target = await urlOfWeb();
  for (const [returned, status, body, headers = {}] of answers) {
    const answer = await call(target, '/', { headers: { 'x-answer': JSON.stringify(returned) } });
    const seen = Object.fromEntries(Object.keys(headers).map((name) => [name, answer.headers[name]]));
    assert.deepEqual([answer.status, answer.text, seen], [status, body, headers], JSON.stringify(returned));
    assert.match(String(answer.headers['x-amzn-requestid']), /^[0-9a-f-]{36}$/);
  }
  const thrown = await call(target, '/', { headers: { 'x-answer': 'throw' } });
  assert.deepEqual([thrown.status, thrown.text], [502, 'Internal Server Error']);
  const large = await call(target, '/', { method: 'POST', body: Buffer.alloc(6_291_457) });
  assert.equal(large.status, 413);
});

/** As the first test made it. */
async function urlOfWeb(): Promise<URL> {
  const { FunctionUrl = '' } = await lambda.send(new GetFunctionUrlConfigCommand({ FunctionName: 'web' }));
  return new URL(FunctionUrl);
}

test('pages of any site may call a URL, by host or by path, and none may call AWS from there', async () => {
  const url = await urlOfWeb();
  const page = { origin: 'https://shop.example', 'sec-fetch-site': 'cross-site' };
  assert.equal((await call(url, '/', { headers: page })).status, 200);
  const below = `/_lambent/url/${url.hostname.split('.')[0]}`;
  const plain = { host: new URL(server.endpoint).host };
  const event = JSON.parse((await call(url, `${below}/a/b?c=d`, { headers: { ...page, ...plain } })).text);
  assert.deepEqual([event.rawPath, event.rawQueryString], ['/a/b', 'c=d']);
  assert.equal(JSON.parse((await call(url, below, { headers: plain })).text).rawPath, '/');
  const shown = await call(url, `${below}/`, { headers: { ...plain, 'sec-fetch-dest': 'document' } });
  assert.match(String(shown.headers['content-security-policy']), /^sandbox/);
  const fromPage = { ...plain, origin: url.origin };
  assert.equal((await call(url, '/2015-03-31/functions', { headers: fromPage })).status, 403);
  assert.equal(
    (await call(new URL(`http://${'a'.repeat(32)}.lambda-url.us-east-1.localhost:${url.port}/`))).status,
    403,
  );
});

test('a browser that asks before is answered without the function, and answers name whom they are for', async () => {
  await lambda.send(new PublishVersionCommand({ FunctionName: 'web' }));
  await lambda.send(new CreateAliasCommand({ FunctionName: 'web', Name: 'live', FunctionVersion: '1' }));
  await allow('web', 'live');
  const Cors = {
    AllowOrigins: ['https://a.example'],
    AllowMethods: ['GET', 'POST'],
    AllowHeaders: ['x-answer'],
    ExposeHeaders: ['x-own'],
    AllowCredentials: true,
    MaxAge: 60,
  };
  const url = await makeUrl({ Qualifier: 'live', Cors });
  const ask = { origin: 'https://a.example', 'access-control-request-method': 'POST' };
  const preflight = await call(url, '/', { method: 'OPTIONS', headers: ask });
  const control = (answer: Answer) =>
    Object.fromEntries(Object.entries(answer.headers).filter(([name]) => name.startsWith('access-control')));
  assert.equal(preflight.status, 204);
  assert.deepEqual(control(preflight), {
    'access-control-allow-origin': 'https://a.example',
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': 'GET,POST',
    'access-control-allow-headers': 'x-answer',
    'access-control-max-age': '60',
  });
  assert.deepEqual(
    control(await call(url, '/', { method: 'OPTIONS', headers: { ...ask, origin: 'https://b.example' } })),
    {},
  );
  const own = JSON.stringify({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*' }, body: 'x' });
  const answer = await call(url, '/', { headers: { origin: 'https://a.example', 'x-answer': own } });
  assert.deepEqual(control(answer), {
    'access-control-allow-origin': 'https://a.example',
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'x-own',
  });
  await lambda.send(new DeleteAliasCommand({ FunctionName: 'web', Name: 'live' }));
  const orphan = await call(url);
  assert.deepEqual([orphan.status, orphan.headers['x-amzn-errortype']], [403, 'AccessDeniedException']);
  await lambda.send(new DeleteFunctionUrlConfigCommand({ FunctionName: 'web', Qualifier: 'live' }));
  assert.equal((await call(url)).status, 403);
});

test('a streamed answer comes in pieces, with its own head, and a broken one does not end', async () => {
  await allow('streams');
  const url = await makeUrl({ FunctionName: 'streams', InvokeMode: 'RESPONSE_STREAM' });
  const answer = await call(url);
  assert.deepEqual(
    [
      answer.status,
      answer.text,
      answer.headers['x-own'],
      answer.headers['set-cookie'],
      answer.headers['transfer-encoding'],
    ],
    [201, 'part 0;part 1;part 2;', 'yes', ['a=1', 'b=2'], 'chunked'],
  );
  const plain = await call(url, '/plain');
  assert.deepEqual(
    [plain.status, plain.text, plain.headers['content-type']],
    [200, 'piece', 'application/octet-stream'],
  );
  const broken = await call(url, '/breaks');
  assert.deepEqual([broken.text, broken.broken], ['piece', true]);
});

test('AWS_IAM takes signed requests and says who signed', async () => {
  await createFunction(lambda, { name: 'private', zip: source });
  const url = await makeUrl({ FunctionName: 'private', AuthType: 'AWS_IAM' });
  assert.equal((await call(url)).status, 403);
  const scope = { service: 'lambda', region: 'us-east-1', now: Date.now() };
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const headers = signed({ method: 'GET', url, headers: {}, body: Buffer.alloc(0) }, credentials, scope);
  const { status, text } = await call(url, '/', { headers });
  assert.equal(status, 200);
  const { userArn, userId, accessKey } = JSON.parse(text).requestContext.authorizer.iam;
  assert.deepEqual([userArn, userId, accessKey], ['arn:aws:iam::000000000000:root', '000000000000', 'test']);
  assert.equal((await call(url, '/', { headers: { ...headers, origin: 'https://evil.example' } })).status, 403);
});
