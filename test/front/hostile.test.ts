/** Clients that mean harm, or break off: each is refused, others are served meanwhile, and nothing stays behind. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { ask } from '../harness/apis.ts';
import { givesBack, held, meanwhile, said, startTarget, statusesIn, type Target } from '../harness/hostile.ts';

let target: Target;
before(async () => {
  target = await startTarget(['--connections-max', '120']);
});
after(() => target[Symbol.asyncDispose]());

const post = 'POST /2015-03-31/functions/nobody/invocations HTTP/1.1\r\nHost: localhost\r\n';
const health = 'GET /_lambent/health HTTP/1.1\r\nHost: localhost\r\n';
const chunked = `${post}Transfer-Encoding: chunked\r\n\r\n`;
/** Must never be answered: it stands where a body should be, or behind what is no request. */
const smuggled = `${health}Connection: close\r\n\r\n`;

const refused: readonly (readonly [what: string, bytes: string, status: number])[] = [
  ['two framings', `${post}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ['two framings, the other way round', `${post}Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n`, 400],
  ['two lengths', `${post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`, 400],
  ['one length twice', `${post}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`, 400],
  ['a list of lengths', `${post}Content-Length: 2, 2\r\n\r\n{}`, 400],
  ['a length with a sign', `${post}Content-Length: +2\r\n\r\n{}`, 400],
  ['a negative length', `${post}Content-Length: -2\r\n\r\n{}`, 400],
  ['a hexadecimal length', `${post}Content-Length: 0x2\r\n\r\n{}`, 400],
  ['a length beyond all numbers', `${post}Content-Length: 99999999999999999999\r\n\r\n{}`, 400],
  ['an unknown encoding', `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, 501],
  ['chunked, and then something', `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`, 400],
  ['something, and then chunked', `${post}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, 501],
  ['chunked twice', `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ['chunked with a space before its colon', `${post}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`, 400],
  ['chunked after a vertical tab', `${post}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`, 400],
  ['chunked in an old version', `${chunked.replace('1.1', '1.0')}0\r\n\r\n`, 501],
  ['a folded header', `${post}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`, 400],
  ['lines that end in LF alone', `${health}\r\n`.replaceAll('\r\n', '\n'), 400],
  ['one line that ends in LF alone', `${health}X-A: b\nX-B: c\r\n\r\n`, 400],
  ['a CR within a header', `${health}X-A: b\rX-B: c\r\n\r\n`, 400],
  ['NUL in a header', `${health}X-A: a\0b\r\n\r\n`, 400],
  ['NUL in a name', `${health}X-\0A: b\r\n\r\n`, 400],
  ['NUL in the path', `GET /a\0b HTTP/1.1\r\nHost: localhost\r\n\r\n`, 400],
  ['a header without a name', `${health}: b\r\n\r\n`, 400],
  ['a line without a colon', `${health}XAB\r\n\r\n`, 400],
  ['a chunk without a size', `${chunked}zz\r\n\r\n`, 400],
  ['a chunk of negative size', `${chunked}-1\r\n\r\n`, 400],
  ['a chunk with 0x', `${chunked}0x2\r\n{}\r\n0\r\n\r\n`, 400],
  ['a chunk beyond all numbers', `${chunked}fffffffffffffffff\r\n{}\r\n0\r\n\r\n`, 400],
  ['a chunk longer than it said', `${chunked}2\r\n{}XX0\r\n\r\n`, 400],
  ['chunks with LF alone', `${chunked}2\n{}\n0\n\n`, 400],
  ['a chunk with a long extension', `${chunked}2;${'a'.repeat(70_000)}\r\n{}\r\n0\r\n\r\n`, 400],
  ['endless trailers', `${chunked}2\r\n{}\r\n0\r\n${'X-A: b\r\n'.repeat(20_000)}\r\n`, 431],
  ['a URL of its own', 'GET http://localhost/_lambent/health HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
  ["another server's URL", 'GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
  ['no path', 'GET evil.example:80 HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
  ['an asterisk', 'GET * HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
  ['no host', 'GET /_lambent/health HTTP/1.1\r\n\r\n', 400],
  ['two hosts', `${health}Host: evil.example\r\n\r\n`, 400],
  ['the same host twice', `${health}Host: localhost\r\n\r\n`, 400],
  ['an unknown method', 'FOO / HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
  ['a newer version', 'GET / HTTP/2.0\r\nHost: localhost\r\n\r\n', 505],
  ['an older version', 'GET / HTTP/0.9\r\nHost: localhost\r\n\r\n', 505],
  ['a huge header', `${health}X-A: ${'b'.repeat(70_000)}\r\n\r\n`, 431],
  ['a huge path', `GET /${'b'.repeat(70_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 431],
  ['thousands of headers', `${health}${'A: b\r\n'.repeat(12_000)}\r\n`, 431],
  ['a tunnel', 'CONNECT evil.example:80 HTTP/1.1\r\nHost: evil.example\r\n\r\n', 0],
];

test('what could be read in two ways is refused and ends its connection, with all that comes behind it', async () => {
  const before = await held(target);
  const answers = await meanwhile(target, () =>
    Promise.all(
      refused.map(async ([what, bytes, status]) => ({ what, status, text: await said(target.port, bytes + smuggled) })),
    ),
  );
  const seen = answers.map(({ what, text }) => [what, ...statusesIn(text)]);
  const wanted = refused.map(([what, , status]) => (status === 0 ? [what] : [what, status]));
  assert.deepEqual(seen, wanted);
  await givesBack(target, before);
});

test('a refusal waits for the answers that are due before it', async () => {
  const slow = `GET /first?ms=300 HTTP/1.1\r\nHost: ${target.host}\r\n\r\n`;
  const text = await said(target.port, `${slow}NOTHING\r\n\r\n${smuggled}`);
  assert.deepEqual(statusesIn(text), [200, 400]);
  assert.match(text, /"rawPath":"\/first"/);
});

const paths: readonly (readonly [path: string, status: number])[] = [
  ['/..%2f..%2fetc%2fpasswd', 404],
  ['/%2e%2e/%2e%2e/etc/passwd', 404],
  ['/bucket/../../etc/passwd', 404],
  ['/\\..\\..\\etc\\passwd', 404],
  ['/bucket/%00', 404],
  ['/%c0%ae%c0%ae/%c0%af', 400],
  ['/%', 400],
  ['/%zz', 400],
  ['/bucket?prefix=%', 400],
  ['//_lambent/health', 405],
  ['/%5flambent/health', 404],
  ['/_lambent/../2015-03-31/functions', 404],
  ['/_lambent/code/..%2f..%2flambent.db', 403],
  ['/_lambent/apis/%2e%2e/dev', 404],
  ['/_lambent/apis/__proto__/constructor', 404],
  ['/2015-03-31/functions/__proto__', 404],
  ['/2015-03-31/functions/..%2f..%2fetc', 400],
];

test('paths that mean another place are names like others, or none', async () => {
  const statuses = await Promise.all(
    paths.map(async ([path]) => {
      const text = await said(target.port, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      assert.doesNotMatch(text, /root:|SQLite|"status":"ok"/, path);
      return [path, ...statusesIn(text)];
    }),
  );
  assert.deepEqual(
    statuses,
    paths.map((each) => [...each]),
  );
});

test('functions are told of paths as they were sent', async () => {
  for (const path of ['/..%2f..%2fetc', '/%00', '//twice', '/a/../b', '/%', '/%c0%ae', '/back\\slash']) {
    const text = await said(target.port, `GET ${path} HTTP/1.1\r\nHost: ${target.host}\r\nConnection: close\r\n\r\n`);
    assert.deepEqual(statusesIn(text), [200], path);
    assert.equal(JSON.parse(text.split('\r\n\r\n')[1] ?? '').rawPath, path);
  }
});

test('bodies beyond what a function or an API takes are refused as AWS refuses them', async () => {
  const MB = 1024 * 1024;
  const [fits, url, api] = await meanwhile(target, () =>
    Promise.all([
      target.ask('/', Buffer.alloc(4 * MB)),
      target.ask('/', Buffer.alloc(7 * MB)),
      ask(target.apiEndpoint, '/', { method: 'POST', body: Buffer.alloc(11 * MB) }),
    ]),
  );
  assert.deepEqual([fits.status, JSON.parse(fits.text).bytes], [200, 4 * MB]);
  assert.deepEqual([url.status, url.headers['x-amzn-errortype']], [413, 'RequestEntityTooLargeException']);
  assert.deepEqual([api.status, api.text], [413, '{"message":"Request Entity Too Large"}']);
});

/** Connections that send so much and then are silent. */
async function open(count: number, bytes: string): Promise<Socket[]> {
  const sockets = Array.from({ length: count }, () => {
    const socket = connect(target.port, '127.0.0.1', () => socket.write(bytes));
    socket.on('error', () => {});
    return socket;
  });
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  return sockets;
}

test('clients that break off leave nothing behind, and their environments serve the next', async () => {
  const before = await held(target);
  const of = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: ${target.host}\r\n${more}\r\n`;
  await meanwhile(target, async () => {
    const waiting = await open(20, of('/left?ms=200'));
    const halfSent = await open(20, of('/left', 'Content-Length: 100000\r\n'));
    const unread = await open(20, of('/left?bytes=5000000'));
    for (const socket of unread) socket.pause();
    await Promise.all(waiting.slice(0, 1).map((socket) => once(socket, 'data')));
    for (const socket of [...waiting, ...halfSent, ...unread]) socket.destroy();
  });
  await givesBack(target, before);
  const { environments } = await held(target);
  assert.ok(environments <= Math.max(before.environments, 6), `${environments} environments`);
  assert.equal((await target.ask('/after')).status, 200);
});

test('silent connections lose their places when there are hardly any left', async () => {
  const before = await held(target);
  const idle: Socket[] = [];
  for (let n = 0; n < 150; n += 1) {
    const [socket] = await open(1, `${health}\r\n`);
    if (socket === undefined) continue;
    idle.push(socket);
    const [answer] = await once(socket, 'data');
    assert.match(String(answer), /^HTTP\/1\.1 200 /, `connection ${n}`);
  }
  const silent = await open(150, '');
  await served();
  for (const socket of [...idle, ...silent]) socket.destroy();
  await givesBack(target, before);
});

/** Sooner or later, though not at once. */
async function served(): Promise<void> {
  const endsAt = performance.now() + 30_000;
  for (;;) {
    const status = await target.ask('/').then(
      (answer) => answer.status,
      () => undefined,
    );
    if (status === 200) return;
    assert.ok(performance.now() < endsAt, 'nobody is served any more');
  }
}
