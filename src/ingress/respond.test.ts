import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { deferred } from '../base/deferred.ts';
import { respond } from './respond.ts';

test('a stream for a client that is gone already ends where it comes from', async () => {
  const ended = deferred<string>();
  async function* pieces() {
    try {
      for (;;) yield Buffer.from('piece');
    } finally {
      ended.resolve('ended');
    }
  }
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const client = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  client.on('error', () => {});
  client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const [, response]: [unknown, ServerResponse] = (await once(server, 'request')) as [unknown, ServerResponse];
  client.destroy();
  await once(response, 'close');
  respond(response, { status: 200, headers: [], body: pieces() }, []);
  assert.equal(await ended.promise, 'ended');
  server.close();
});
