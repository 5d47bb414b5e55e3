import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { StartError } from '../config/start-error.ts';
import { lambent } from './testing/terminal.ts';
import { urlOf } from './up.ts';

test('up says once that it is ready, and drains at the first signal', async () => {
  let drained = 0;
  const { code, stdout } = await lambent(['up', '--port', '0'], {
    startServer: async () => ({
      port: 4711,
      drain: async () => {
        drained += 1;
      },
    }),
    onOutput: () => setImmediate(() => process.emit('SIGTERM', 'SIGTERM')),
  });
  assert.deepEqual([code, stdout, drained], [0, 'ready http://127.0.0.1:4711\n', 1]);
  assert.equal(process.listenerCount('SIGTERM'), 0);
});

test('a taken port is said in a sentence, with code 76', async () => {
  const taken = createServer();
  const listen = (server: ReturnType<typeof createServer>, port: number) =>
    new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  await listen(taken, 0);
  const address = taken.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  try {
    const { code, stderr, stdout } = await lambent(['up', '--port', String(port)], {
      startServer: async (settings) => {
        await listen(createServer(), settings.port);
        return { port, drain: async () => {} };
      },
    });
    assert.deepEqual([code, stdout], [76, '']);
    assert.match(
      stderr,
      new RegExp(`Cannot listen on 127.0.0.1 port ${port}: another program has it.*\\[port-taken\\]`),
    );
  } finally {
    taken.close();
  }
});

test('each reason not to start has its code', async () => {
  const reasons = [
    ['data-locked', 75],
    ['data-unreadable', 74],
    ['data-unwritable', 73],
    ['sandbox-unavailable', 69],
  ] as const;
  for (const [problem, expected] of reasons) {
    const { code } = await lambent(['up'], {
      startServer: () => Promise.reject(new StartError(problem, 'Cannot start')),
    });
    assert.equal(code, expected, problem);
  }
});

test('a fault of ours is told from what a person can help', async () => {
  const { code, stderr } = await lambent(['up'], { startServer: () => Promise.reject(new TypeError('oops')) });
  assert.equal(code, 70);
  assert.match(stderr, /internal error: TypeError: oops/);
});

test('the URL that is said can be used', () => {
  assert.equal(urlOf('0.0.0.0', 1), 'http://127.0.0.1:1');
  assert.equal(urlOf('::1', 1), 'http://[::1]:1');
});
