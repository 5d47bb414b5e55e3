import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { networkInterfaces } from 'node:os';
import { after, before, test } from 'node:test';
import { systemClock as clock } from '../../base/clock.ts';
import { fetched } from './outgoing-call.ts';

let asked = 0;
const server = createServer((_, response) => {
  asked += 1;
  response.end('reached');
});
let port = 0;

before(async () => {
  server.listen(0, '::');
  await once(server, 'listening');
  const address = server.address();
  if (address !== null && typeof address === 'object') port = address.port;
});
after(() => {
  server.close();
  server.closeAllConnections();
});

async function outcome(host: string, elsewhere: boolean): Promise<string> {
  const url = new URL(`http://${host}:${port}/`);
  const wanted = { url, method: 'GET', headers: ['host', url.host], body: Buffer.alloc(0) };
  const answer = await fetched({ ...wanted, elsewhere, waitMsMax: 30_000, clock });
  return typeof answer === 'string' ? answer : answer.body.toString();
}

test('who must not reach this machine does not, by whatever name, nor by a connection that others keep open', async () => {
  const own = Object.values(networkInterfaces()).flatMap((each = []) =>
    each.filter(({ family }) => family === 'IPv4').map(({ address }) => address),
  );
  const names = ['127.0.0.1', 'localhost', '127.1', '2130706433', '0.0.0.0', '[::1]', '[::ffff:127.0.0.1]', ...own];
  for (const host of ['127.0.0.1', 'localhost']) assert.equal(await outcome(host, false), 'reached', host);
  const before = asked;
  for (const host of names) assert.match(await outcome(host, true), /^Cannot reach the integration: No endpoint/, host);
  assert.equal(asked, before);
});

test('nobody reaches link-local addresses', async () => {
  for (const host of ['169.254.169.254', '[::ffff:169.254.169.254]', '[fe80::1]']) {
    assert.match(await outcome(host, false), /No endpoint may be at/, host);
  }
});
