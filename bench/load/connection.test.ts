import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { type Answer, Connection } from './connection.ts';
import { Samples } from './samples.ts';
import { Verifier } from './verify.ts';

test('an answer that comes in pieces is one answer, and nothing of it reaches the next', async () => {
  const answer = 'HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 5\r\n\r\nhello';
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', async () => {
      for (const piece of [answer.slice(0, 7), answer.slice(7, -2), answer.slice(-2)]) {
        socket.write(piece);
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  let answered: (answer: Answer) => void = () => {};
  const connection = await Connection.open(
    { host: '127.0.0.1', port: address.port },
    { answer: (answer) => answered(answer), lost: assert.fail },
  );
  try {
    for (let time = 0; time < 3; time++) {
      const next = new Promise<Answer>((resolve) => {
        answered = resolve;
      });
      connection.send(Buffer.from('again'));
      const { status, body } = await next;
      assert.deepEqual([status, body.toString()], [200, 'hello']);
    }
  } finally {
    connection.close();
    server.close();
  }
});

test('only the expected answer is right, and every later one must be the same bytes', () => {
  const verifier = new Verifier({ a: 1 });
  const wrong = (status: number, body: string) => verifier.wrong({ status, body: Buffer.from(body) });
  assert.match(wrong(200, '{"a":2}') ?? '', /unexpected body/);
  assert.match(wrong(500, '{"a":1}') ?? '', /status 500/);
  assert.equal(wrong(200, '{"a": 1}'), undefined);
  assert.equal(wrong(200, '{"a": 1}'), undefined);
  assert.match(wrong(200, '{"a":1}') ?? '', /unexpected body/);
  assert.match(wrong(500, '{"a": 1}') ?? '', /status 500/);
});

test('percentiles are samples, not guesses between them', () => {
  const samples = new Samples();
  for (let value = 100_000; value >= 1; value--) samples.add(value);
  assert.equal(samples.count, 100_000);
  assert.deepEqual(samples.percentiles([0, 0.5, 0.99, 1]), [1, 50_000, 99_000, 100_000]);
});
