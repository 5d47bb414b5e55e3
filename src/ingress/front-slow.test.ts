/** Clients that take their time: each loses its place in the end, and others do not notice. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { test } from 'node:test';
import { healthRoute } from './health.ts';
import { endStalled } from './respond.ts';
import { startFront, type TestFront } from './testing/front.ts';

/** Long enough for whoever is not slow on a machine that is. */
const requestWaitMs = 1_500;
const routes = [healthRoute(() => ({}))];
const start = 'POST /2015-03-31/functions/f/invocations HTTP/1.1\r\nHost: localhost\r\n';

/** Everything the server says until it closes the connection; `more` goes out again and again until then. */
async function heldOut(port: number, first: string, more = ''): Promise<string> {
  const socket = connect(port, '127.0.0.1', () => socket.write(first));
  let said = '';
  socket.on('data', (chunk) => {
    said += chunk;
  });
  socket.on('error', () => {});
  // Not before what has come is read: whoever writes to a connection that is gone does not hear what was said on it.
  const trickle = setInterval(() => setImmediate(() => socket.write(more)), 100);
  await once(socket, 'close');
  clearInterval(trickle);
  return said;
}

async function servesOthers({ endpoint }: TestFront, slow: Promise<unknown>): Promise<void> {
  let waiting = true;
  void slow.finally(() => {
    waiting = false;
  });
  while (waiting) {
    const answer = await fetch(`${endpoint}/_lambent/health`, { headers: { connection: 'close' } });
    assert.deepEqual([answer.status, await answer.text()], [200, '{"status":"ok"}']);
  }
}

test('headers and bodies that never end, and silence, are cut off while others are served', async () => {
  await using front = await startFront({}, { requestWaitMs, routes });
  const { port } = front;
  const slow = Promise.all([
    heldOut(port, ''),
    heldOut(port, 'PR'),
    heldOut(port, start),
    heldOut(port, start, 'X-A: b\r\n'),
    heldOut(port, `${start}Content-Length: 100000\r\n\r\n{`),
    heldOut(port, `${start}Content-Length: 100000\r\n\r\n{`, ' '),
    heldOut(port, `${start}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n \r\n'),
  ]);
  await servesOthers(front, slow);
  const [silent, half, ...others] = await slow;
  assert.deepEqual([silent, half], ['', '']);
  for (const said of others) assert.match(said, /^HTTP\/1\.1 408 .*RequestTimeoutException/s);
  assert.deepEqual(front.errors, []);
});

test('a stream of HTTP/2 whose body does not come ends, and its connection goes on', async () => {
  await using front = await startFront({}, { requestWaitMs, routes });
  const session = connectHttp2(front.endpoint);
  const path = '/2015-03-31/functions/f/invocations';
  const slow = ['', 'ab'].map(async (first) => {
    const stream = session.request({ ':method': 'POST', ':path': path });
    if (first !== '') stream.write(first);
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    stream.on('error', () => {});
    stream.once('close', () => resolve(stream.rstCode));
    return promise;
  });
  const cancelled = 8;
  assert.deepEqual(await Promise.all(slow), [cancelled, cancelled]);
  assert.equal(await statusOf(session, '/_lambent/health'), 200);
  session.close();
});

async function statusOf(session: ClientHttp2Session, path: string): Promise<number> {
  const stream = session.request({ ':path': path });
  stream.resume();
  const [headers] = await once(stream, 'response');
  return headers[':status'];
}

test('an answer that its client does not read ends; one that has nothing to send yet may be silent', async () => {
  const bytes = 64 * 1024 * 1024;
  const server = createServer((request, response) => {
    endStalled(response, 300);
    if (request.url === '/large') return void response.end(Buffer.alloc(bytes));
    response.write('first');
    setTimeout(() => response.end('last'), 1000);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const quiet = fetch(`http://127.0.0.1:${port}/quiet`).then((answer) => answer.text());
  const deaf = connect(port, '127.0.0.1', () => deaf.write('GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n'));
  deaf.on('error', () => {});
  deaf.pause();
  const [request, response] = await once(server, 'request');
  const ended = request.url === '/large' ? response : (await once(server, 'request'))[1];
  await once(ended, 'close');
  assert.equal(ended.writableFinished, false);
  assert.equal(await quiet, 'firstlast');
  deaf.destroy();
  server.close();
});
