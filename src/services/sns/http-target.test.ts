import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { type Parcel, Undeliverable } from '../../delivery/parcel.ts';
import { httpTarget } from './http-target.ts';

const source = { service: 'sns.amazonaws.com', arn: 'arn:aws:sns:us-east-1:000000000000:t', accountId: '000000000000' };

async function endpoint(
  t: TestContext,
  answer: (response: ServerResponse) => void,
): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, asked };
}

function send(target: string, more: Partial<Parcel> = {}): Promise<void> {
  return httpTarget.accept({ target, source, body: 'b', ...more }, new AbortController().signal);
}

test('what an answer means: taken, again later, or never', async (t) => {
  let status = 200;
  const { port, asked } = await endpoint(t, (response) => {
    response.writeHead(status, { location: '/elsewhere' });
    response.end();
  });
  const url = `http://127.0.0.1:${port}/hook`;
  await send(url);
  for (status of [500, 503, 429]) await assert.rejects(send(url), (error) => !(error instanceof Undeliverable));
  for (status of [400, 404, 301, 307]) await assert.rejects(send(url), Undeliverable);
  // No redirect was followed.
  assert.deepEqual(new Set(asked), new Set(['/hook']));
});

test('no endpoint is at link-local addresses; what a function subscribed is not on this machine', async (t) => {
  const { port, asked } = await endpoint(t, (response) => response.end());
  for (const host of ['169.254.169.254', '[fe80::1]', '[::ffff:169.254.1.1]']) {
    await assert.rejects(send(`http://${host}:${port}/`), Undeliverable, host);
  }
  for (const host of [
    '127.0.0.1',
    'localhost',
    '127.1',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '2130706433',
  ]) {
    await assert.rejects(send(`http://${host}:${port}/`, { elsewhere: true }), Undeliverable, host);
  }
  assert.deepEqual(asked, []);
  await send(`http://localhost:${port}/`);
});
