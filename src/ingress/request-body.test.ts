/** Operations that read their body by themselves, over the wire. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError } from '../aws/errors.ts';
import type { AnyTable, RequestContext } from '../aws/operation.ts';
import { startFront } from './testing/front.ts';

/** Counts what it is sent; refuses `refused` unread, and `half` in the middle. */
const s3: AnyTable = {
  PutObject: {
    streaming: true,
    async handle({ Key }: { Key: string }, { body }: RequestContext) {
      assert.ok(body);
      const refusal = new AwsError({ code: 'NoSuchBucket', message: 'no', status: 404 });
      if (Key === 'refused') throw refusal;
      let bytes = 0;
      for await (const chunk of body) {
        bytes += chunk.length;
        if (Key === 'half' && bytes > 100_000) throw refusal;
      }
      return { ETag: `${bytes} of ${body.length} ${JSON.stringify(body.trailers)}` };
    },
  },
  GetObject: { handle: () => ({ Body: Buffer.from('x') }) },
};

function put(port: number, key: string, headers: Record<string, string | number>): ClientRequest {
  return request({ port, host: '127.0.0.1', path: `/b/${key}`, method: 'PUT', headers });
}

async function answerOf(sent: ClientRequest): Promise<{ status: number | undefined; etag: string; body: string }> {
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, etag: String(answer.headers.etag), body: await text(answer) };
}

test('a body comes as it is sent, without its framing, and with its trailers', async () => {
  await using front = await startFront({ s3 });
  const plain = put(front.port, 'k', { 'content-length': 300_000 });
  plain.end(Buffer.alloc(300_000));
  assert.equal((await answerOf(plain)).etag, '300000 of 300000 {}');
  const framed = put(front.port, 'k', {
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'x-amz-decoded-content-length': 6,
  });
  framed.end('5\r\nhello\r\n1\r\n!\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n');
  assert.equal((await answerOf(framed)).etag, '6 of 6 {"x-amz-checksum-crc32":"AAAAAA=="}');
  for (const body of ['5\r\nhello\r\n0\r\n\r\n', 'zz\r\n', '5\r\nhello!\r\n', '7\r\nhello!!\r\n0\r\n\r\n']) {
    const broken = put(front.port, 'k', {
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': 6,
    });
    broken.end(body);
    assert.match((await answerOf(broken)).body, /<Code>IncompleteBody<\/Code>/, JSON.stringify(body));
  }
  assert.deepEqual(front.errors, []);
});

test('a body that is refused unread, or in the middle, leaves a connection that can be used again', async () => {
  await using front = await startFront({ s3 });
  for (const key of ['refused', 'half']) {
    const socket = connect(front.port, '127.0.0.1');
    socket.write(`PUT /b/${key} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5000000\r\n\r\n`);
    socket.write(Buffer.alloc(5_000_000));
    socket.end('PUT /b/k HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx');
    const said = await text(socket);
    assert.match(said, /^HTTP\/1\.1 404 [\s\S]*HTTP\/1\.1 200 OK[\s\S]*etag: 1 of 1 \{\}/, key);
  }
});

test('a client that asks first is told to go on, or is refused without having sent anything', async () => {
  await using front = await startFront({ s3 });
  const good = put(front.port, 'k', { 'content-length': 3, expect: '100-continue' });
  good.flushHeaders();
  await once(good, 'continue');
  good.end('abc');
  assert.equal((await answerOf(good)).etag, '3 of 3 {}');
  const bad = put(front.port, 'refused', { 'content-length': 5_000_000_000, expect: '100-continue' });
  bad.flushHeaders();
  assert.equal((await answerOf(bad)).status, 404);
  bad.destroy();
  const plain = request({ port: front.port, path: '/b/k', headers: { expect: '100-continue' } });
  plain.end();
  assert.equal((await answerOf(plain)).status, 200);
});

test('an upload may take longer than other requests may', async () => {
  await using front = await startFront({ s3 }, { requestWaitMs: 200 });
  const slow = put(front.port, 'k', { 'content-length': 8 });
  const answered = answerOf(slow);
  for (let n = 0; n < 8; n += 1) {
    slow.write('x');
    await sleep(100);
  }
  slow.end();
  assert.equal((await answered).etag, '8 of 8 {}');
  const other = request({ port: front.port, path: '/b?delete', method: 'POST', headers: { 'content-length': 8 } });
  other.write('x');
  assert.equal((await answerOf(other)).status, 408);
});

test('a client that goes away in the middle is no failure of the server', async () => {
  await using front = await startFront({ s3 });
  const gone = put(front.port, 'k', { 'content-length': 1_000_000 });
  gone.on('error', () => {});
  gone.write(Buffer.alloc(100_000));
  await sleep(50);
  gone.destroy();
  await sleep(50);
  assert.deepEqual(front.errors, []);
});
