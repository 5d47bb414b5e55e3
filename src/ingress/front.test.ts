import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect, createServer } from 'node:net';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { AwsError } from '../aws/errors.ts';
import { type AnyTable, type RequestContext, unsupported } from '../aws/operation.ts';
import { startFront } from './testing/front.ts';

const invokePath = '/2015-03-31/functions/echo/invocations';

const lambda: AnyTable = {
  Invoke: {
    handle: ({ Payload }: { Payload: Buffer }, context: RequestContext) => {
      context.responseHeaders['X-Amzn-Trace-Id'] = 'Root=1';
      return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload };
    },
  },
  GetFunction: {
    handle({ FunctionName }: { FunctionName: string }) {
      if (FunctionName === 'broken') throw new TypeError('a mistake of ours');
      const message = `Function not found: ${FunctionName}`;
      throw new AwsError({ code: 'ResourceNotFoundException', message, status: 404 });
    },
  },
  TagResource: { requestBytesMax: 100, handle: () => undefined },
  CreateAlias: unsupported('comes with aliases'),
};

test('a request without a signature is served in the open mode, and the payload passes untouched', async () => {
  await using front = await startFront({ lambda });
  const body = '{"a": 1.0}';
  const answer = await fetch(front.endpoint + invokePath, { method: 'POST', body });
  assert.equal(answer.status, 200);
  assert.equal(await answer.text(), body);
  assert.equal(answer.headers.get('content-length'), String(body.length));
  assert.equal(answer.headers.get('content-type'), 'application/json');
  assert.equal(answer.headers.get('x-amz-executed-version'), '$LATEST');
  assert.equal(answer.headers.get('x-amzn-trace-id'), 'Root=1');
  assert.match(answer.headers.get('x-amzn-requestid') ?? '', /^[0-9a-f-]{36}$/);
});

test('errors have the casing of their model, the type header and the request id', async () => {
  await using front = await startFront({ lambda });
  const answer = await fetch(`${front.endpoint}/2015-03-31/functions/nobody`);
  assert.equal(answer.status, 404);
  assert.equal(answer.headers.get('x-amzn-errortype'), 'ResourceNotFoundException');
  assert.deepEqual(await answer.json(), { Type: 'User', Message: 'Function not found: nobody' });
});

test('a mistake of ours is logged with its stack and not shown', async () => {
  await using front = await startFront({ lambda });
  const answer = await fetch(`${front.endpoint}/2015-03-31/functions/broken`);
  assert.equal(answer.status, 500);
  assert.equal(answer.headers.get('x-amzn-errortype'), 'ServiceException');
  assert.doesNotMatch(await answer.text(), /mistake/);
  assert.match(front.errors.join(), /TypeError: a mistake of ours/);
});

test('what is not there says so with the name of the operation', async () => {
  await using front = await startFront({ lambda });
  const path = '/2015-03-31/functions/echo/aliases';
  const alias = await fetch(front.endpoint + path, { method: 'POST', body: '{"Name":"a","FunctionVersion":"1"}' });
  assert.equal(alias.status, 501);
  assert.match(await alias.text(), /lambda:CreateAlias is not implemented: comes with aliases/);
  const headers = { 'x-amz-target': 'DynamoDB_20120810.PutItem', 'content-type': 'application/x-amz-json-1.0' };
  const item = await fetch(front.endpoint, { method: 'POST', headers, body: '{}' });
  assert.equal(item.status, 501);
  assert.match(await item.text(), /"__type":"NotImplementedException".*dynamodb:PutItem/);
  const bucket = await fetch(`${front.endpoint}/bucket/key`);
  assert.equal(bucket.status, 501);
  assert.match(await bucket.text(), /<Code>NotImplemented<\/Code>.*s3:GetObject/);
});

test('constraints are answered in the words of AWS', async () => {
  await using front = await startFront({ lambda });
  const headers = { 'x-amz-invocation-type': 'Sometimes', 'x-amz-log-type': 'Head' };
  const answer = await fetch(front.endpoint + invokePath, { method: 'POST', headers });
  assert.equal(answer.status, 400);
  assert.equal(answer.headers.get('x-amzn-errortype'), 'ValidationException');
  assert.deepEqual(await answer.json(), {
    message:
      "2 validation errors detected: Value 'Sometimes' at 'invocationType' failed to satisfy constraint: Member must " +
      "satisfy enum value set: [Event, RequestResponse, DryRun]; Value 'Head' at 'logType' failed to satisfy constraint: " +
      'Member must satisfy enum value set: [None, Tail]',
  });
});

test('a percent sign that encodes nothing is refused, and the server lives on', async () => {
  await using front = await startFront({ lambda });
  for (const path of ['/2015-03-31/functions/%zz', '/?X-Amz-Signature=%zz', '/%', '/?Action=%e0%a4%a']) {
    const answer = await fetch(front.endpoint + path);
    assert.equal(answer.status, 400, path);
    assert.match(await answer.text(), /SerializationException|percent-encoding/);
  }
  assert.deepEqual(front.errors, []);
});

test('a body beyond its operation is refused: announced, chunked or packed', async () => {
  await using front = await startFront({ lambda });
  const url = `${front.endpoint}/2017-03-31/tags/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Aa`;
  const big = Buffer.from(JSON.stringify({ Tags: { a: 'b'.repeat(20_000) } }));
  const packed = gzipSync(big);
  assert.ok(packed.length < 100);
  const bodies = [
    fetch(url, { method: 'POST', body: big }),
    fetch(url, { method: 'POST', body: new Blob([big]).stream(), duplex: 'half' } as RequestInit),
    fetch(url, { method: 'POST', body: packed, headers: { 'content-encoding': 'gzip' } }),
  ];
  for (const answer of await Promise.all(bodies)) {
    assert.equal(answer.status, 413);
    assert.equal(answer.headers.get('x-amzn-errortype'), 'RequestEntityTooLargeException');
    assert.match(await answer.text(), /Request must be smaller than 100 bytes/);
  }
  const fits = await fetch(url, { method: 'POST', body: '{"Tags":{"a":"b"}}' });
  assert.equal(fits.status, 204);
});

test('a length beyond all reason is answered before it is read, and the connection closed', async () => {
  await using front = await startFront({ lambda });
  const socket = connect(front.port, '127.0.0.1');
  socket.write(`POST ${invokePath} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\nabc`);
  const said = await wholeOf(socket);
  assert.match(said, /^HTTP\/1.1 413 /);
  assert.match(said, /connection: close/i);
});

test('a gzip body is unpacked', async () => {
  await using front = await startFront({ lambda });
  const headers = { 'content-encoding': 'gzip' };
  const answer = await fetch(front.endpoint + invokePath, {
    method: 'POST',
    headers,
    body: gzipSync('{"packed":true}'),
  });
  assert.equal(await answer.text(), '{"packed":true}');
});

test('HTTP/2 is spoken on the same port', async () => {
  await using front = await startFront({ lambda });
  const client = connectHttp2(front.endpoint);
  try {
    const stream = client.request({ ':method': 'POST', ':path': invokePath });
    stream.end('{"h":2}');
    const [headers] = await once(stream, 'response');
    assert.equal(headers[':status'], 200);
    assert.equal(await wholeOf(stream), '{"h":2}');
    const foreign = client.request({ ':path': '/', ':authority': 'evil.example' });
    const [refused] = await once(foreign, 'response');
    assert.equal(refused[':status'], 403);
  } finally {
    client.destroy();
  }
});

test('the first bytes may come one by one', async () => {
  await using front = await startFront({ lambda });
  const socket = connect(front.port, '127.0.0.1');
  socket.setNoDelay(true);
  for (const part of ['P', 'U', 'T', ` /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`]) {
    socket.write(part);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.match(await wholeOf(socket), /^HTTP\/1.1 501 /);
});

test('what is no HTTP gets a 400 and a closed connection', async () => {
  await using front = await startFront({ lambda });
  const socket = connect(front.port, '127.0.0.1');
  socket.write('\u0016\u0003\u0001 hello\r\n\r\n');
  assert.match(await wholeOf(socket), /^HTTP\/1.1 400 Bad Request/);
});

test('foreign names and foreign pages are refused in the open mode', async () => {
  await using front = await startFront({ lambda }, { allowedHosts: ['build.example'] });
  const statuses = async (headers: Record<string, string>) => (await raw(front.port, headers)).status;
  for (const host of ['localhost', 'localhost:4566', '127.0.0.1', '[::1]:4566', 'b.s3.localhost', 'build.example:1']) {
    assert.notEqual(await statuses({ host }), 403, host);
  }
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    '169.254.100.1',
  ]) {
    assert.equal(await statuses({ host }), 403, host);
  }
  const host = 'localhost';
  assert.notEqual(await statuses({ host, origin: 'http://localhost:3000' }), 403);
  for (const origin of ['https://evil.example', 'null', 'http://localhost.evil.example', 'file://']) {
    assert.equal(await statuses({ host, origin }), 403, origin);
  }
  assert.equal(await statuses({ host, 'sec-fetch-site': 'cross-site' }), 403);
});

test('a preflight is given no permission', async () => {
  await using front = await startFront({ lambda });
  const headers = { host: 'localhost', origin: 'http://localhost:3000', 'access-control-request-method': 'POST' };
  const answer = await raw(front.port, headers, 'OPTIONS', invokePath);
  assert.ok(answer.status >= 400);
  assert.deepEqual(
    Object.keys(answer.headers).filter((name) => name.startsWith('access-control')),
    [],
  );
});

test('a connection from inside an environment may call the server by its address', async () => {
  await using front = await startFront({ lambda });
  await using inner = createServer((socket) => front.front.accept(socket)).listen(0, '127.0.0.1');
  await once(inner, 'listening');
  const address = inner.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const answer = await raw(port, { host: '169.254.100.1:4566' }, 'POST', invokePath);
  assert.equal(answer.status, 200);
});

test('a handler that asks learns that its client went away', async () => {
  const gone = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const waits: AnyTable = {
    Invoke: {
      handle: (_: unknown, { signal }: RequestContext) => {
        signal.addEventListener('abort', () => gone.resolve());
        started.resolve();
        return gone.promise;
      },
    },
  };
  await using front = await startFront({ lambda: waits });
  const request = httpRequest({ port: front.port, host: '127.0.0.1', method: 'POST', path: invokePath });
  request.on('error', () => {});
  request.end('{}');
  await started.promise;
  request.destroy();
  await gone.promise;
});

test('draining lets a request end, takes no more, and waits no longer than it may', async () => {
  const held = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const slow: AnyTable = {
    Invoke: {
      handle: async ({ Payload }: { Payload: Buffer }) => {
        started.resolve();
        await held.promise;
        return { Payload };
      },
    },
  };
  const front = await startFront({ lambda: slow });
  const idle = connect(front.port, '127.0.0.1');
  await once(idle, 'connect');
  const answer = fetch(front.endpoint + invokePath, { method: 'POST', body: '"kept"' });
  await started.promise;
  const drained = front.front.drain(5000);
  await assert.rejects(fetch(front.endpoint));
  held.resolve();
  assert.equal(await (await answer).text(), '"kept"');
  await drained;
  idle.destroy();
});

test('a taken port is told as the system tells it', async () => {
  await using front = await startFront({ lambda });
  await assert.rejects(startFront({ lambda }, {}, front.port), { code: 'EADDRINUSE' });
});

async function wholeOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** `fetch` sets host, origin and the rest by itself. */
async function raw(port: number, headers: Record<string, string>, method = 'GET', path = '/') {
  const request = httpRequest({ port, host: '127.0.0.1', method, path, headers, agent: false });
  request.end();
  const [response] = await once(request, 'response');
  await wholeOf(response);
  return { status: Number(response.statusCode), headers: response.headers as Record<string, unknown> };
}
