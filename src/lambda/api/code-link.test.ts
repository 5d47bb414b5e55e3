import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { codeLinkRoute } from './code-link.ts';
import { contextOf, create, createFixture, zip } from './fixture.ts';

/** A real server with the route, and the link that GetFunction gives for it. */
async function served(t: { after(fn: () => void): void }) {
  const fixture = createFixture();
  const { code, clock, parts } = fixture;
  const route = codeLinkRoute({ code, clock, serverSecret: parts.serverSecret });
  const server = createServer(async (request, response) => {
    await route.handle(request, response, new URL(request.url ?? '', 'http://localhost'));
  });
  t.after(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo; // a TCP server has no other kind
  await create(fixture);
  const endpoint = `http://127.0.0.1:${address.port}`;
  const { Code } = await fixture.table.GetFunction.handle(
    { FunctionName: 'hello' },
    contextOf('GetFunction', { endpoint }),
  );
  return { ...fixture, link: new URL(Code?.Location ?? '') };
}

test('the link gives the package, byte for byte', async (t) => {
  const { link } = await served(t);
  const response = await fetch(link);
  assert.equal(response.status, 200);
  assert.deepEqual(Buffer.from(await response.arrayBuffer()), zip);
});

test('HEAD answers without a body', async (t) => {
  const { link } = await served(t);
  const response = await fetch(link, { method: 'HEAD' });
  assert.deepEqual([response.status, await response.text()], [200, '']);
});

test('the link works for ten minutes', async (t) => {
  const { link, clock } = await served(t);
  const start = clock.now();
  clock.set(start + 599_000);
  assert.equal((await fetch(link)).status, 200);
  clock.set(start + 600_000);
  const late = await fetch(link);
  assert.equal(late.status, 403);
  assert.match(await late.text(), /<Code>AccessDenied<\/Code><Message>Request has expired<\/Message>/);
});

const changes: [title: string, change: (link: URL) => void][] = [
  ['a longer time', (link) => link.searchParams.set('expires', '99999999999')],
  ['no time', (link) => link.searchParams.delete('expires')],
  ['another signature', (link) => link.searchParams.set('signature', '0'.repeat(64))],
  ['no signature', (link) => link.searchParams.delete('signature')],
  ['a short signature', (link) => link.searchParams.set('signature', '00')],
  [
    'another package',
    (link) => {
      link.pathname = `/_lambent/code/${'0'.repeat(64)}`;
    },
  ],
  [
    'a path',
    (link) => {
      link.pathname = '/_lambent/code/..%2f..%2fetc%2fpasswd';
    },
  ],
];

for (const [title, change] of changes) {
  test(`a link changed to ${title} is refused`, async (t) => {
    const { link } = await served(t);
    change(link);
    const response = await fetch(link);
    assert.equal(response.status, 403);
    assert.match(await response.text(), /<Code>SignatureDoesNotMatch<\/Code>/);
  });
}

test('a package that is gone answers 404, and another method 405', async (t) => {
  const { link, code } = await served(t);
  assert.equal((await fetch(link, { method: 'POST' })).status, 405);
  code.forget();
  assert.equal((await fetch(link)).status, 404);
});
