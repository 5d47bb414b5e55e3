/** One port, one certificate: HTTP/1.1 and HTTP/2 by agreement, and plain HTTP only where it is meant. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { request } from 'node:https';
import { connect } from 'node:net';
import { after, test } from 'node:test';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { systemClock } from '../base/clock.ts';
import { silentLog } from '../observe/log.ts';
import { healthRoute } from './health.ts';
import type { Site } from './site.ts';
import { startFront } from './testing/front.ts';
import { tlsSession } from './tls/door.ts';
import { TlsIdentity } from './tls/identity.ts';
import { testCertificate } from './tls/testing/certificate.ts';

const files = testCertificate();
after(() => files[Symbol.dispose]());
const authority = () => readFileSync(files.cert);

/** Says how it was reached. */
const mirror: Site = {
  owns: (_, url) => url === '/mirror',
  handle(request, response) {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ http: request.httpVersion, ...tlsSession(request) }));
  },
};

async function secureFront(more: { readonly allowPlain?: boolean } = {}) {
  const identity = new TlsIdentity({ files, clock: systemClock, log: silentLog });
  const tls = { identity, allowPlain: more.allowPlain ?? false };
  const routes = [healthRoute(() => ({}))];
  const started = await startFront({}, { tls, sites: [mirror], routes });
  return {
    ...started,
    identity,
    async [Symbol.asyncDispose]() {
      identity[Symbol.dispose]();
      await started[Symbol.asyncDispose]();
    },
  };
}

function ask(make: typeof request, url: string, ca?: Buffer): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = make(url, { ca, agent: false }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode ?? 0, text });
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

async function askHttp2(port: number, path: string): Promise<string> {
  const session = connectHttp2(`https://localhost:${port}`, { ca: authority() });
  const stream = session.request({ ':path': path });
  let text = '';
  for await (const chunk of stream) text += chunk;
  session.close();
  return text;
}

test('a client speaks the HTTP that it agreed on, to every kind of page', async () => {
  await using front = await secureFront();
  const first = await ask(request, `https://localhost:${front.port}/mirror`, authority());
  assert.deepEqual(Object.keys(JSON.parse(first.text)), ['http', 'version', 'cipher']);
  assert.equal(JSON.parse(first.text).http, '1.1');
  const second = JSON.parse(await askHttp2(front.port, '/mirror'));
  assert.equal(second.http, '2.0');
  assert.match(second.version, /^TLSv1\.[23]$/);
  assert.match(second.cipher, /^[A-Z0-9_-]+$/);
  assert.equal(JSON.parse(await askHttp2(front.port, '/_lambent/health')).status, 'ok');
  assert.deepEqual(front.errors, []);
});

test('plain HTTP is told where to go, but where it was allowed and on the port for functions', async () => {
  await using front = await secureFront();
  const refused = await ask(plainRequest, `http://127.0.0.1:${front.port}/mirror`);
  assert.equal(refused.status, 400);
  assert.match(refused.text, /This port speaks HTTPS/);
  const { port } = await front.front.listenPlain();
  assert.equal((await ask(plainRequest, `http://127.0.0.1:${port}/mirror`)).text, '{"http":"1.1"}');

  await using both = await secureFront({ allowPlain: true });
  assert.equal((await ask(plainRequest, `http://127.0.0.1:${both.port}/mirror`)).text, '{"http":"1.1"}');
  assert.equal((await ask(request, `https://127.0.0.1:${both.port}/mirror`, authority())).status, 200);
});

test('a broken handshake ends its own connection alone', async () => {
  await using front = await secureFront();
  const broken = connect(front.port, '127.0.0.1');
  broken.on('error', () => {});
  // A handshake's record whose content is none.
  broken.write(Buffer.concat([Buffer.from([0x16, 3, 1, 0, 64]), Buffer.alloc(64, 7)]));
  await once(broken.resume(), 'close');
  assert.equal((await ask(request, `https://localhost:${front.port}/mirror`, authority())).status, 200);
});

test('new connections see the renewed certificate, those that are open go on', async () => {
  using own = testCertificate();
  using identity = new TlsIdentity({ files: own, clock: systemClock, log: silentLog });
  await using front = await startFront({}, { tls: { identity, allowPlain: false }, sites: [mirror] });
  const seen = async (): Promise<TLSSocket> => {
    const socket = connectTls({ port: front.port, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    return socket;
  };
  const before = await seen();
  own.renew();
  identity.reload();
  const afterwards = await seen();
  assert.notEqual(afterwards.getPeerCertificate().fingerprint256, before.getPeerCertificate().fingerprint256);
  before.write('GET /mirror HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  const [answer] = await once(before, 'data');
  assert.match(String(answer), /^HTTP\/1\.1 200/);
  for (const socket of [before, afterwards]) socket.destroy();
});

test('a server that goes waits for no handshake and for no idle connection', async () => {
  const front = await secureFront();
  const silent = connect(front.port, '127.0.0.1');
  const half = connect(front.port, '127.0.0.1', () => half.write(Buffer.from([0x16, 3, 1])));
  const idle = connectTls({ port: front.port, ca: authority() });
  await once(idle, 'secureConnect');
  const ends = [silent, half, idle].map((socket) => {
    socket.on('error', () => {});
    return once(socket.resume(), 'close');
  });
  await front[Symbol.asyncDispose]();
  await Promise.all(ends);
});
