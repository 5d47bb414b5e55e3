/** Bodies of many clients at once. */
import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { readBody } from './body.ts';

/** A request whose body is on its way. */
function begun() {
  const request = new IncomingMessage(new Socket());
  request.headers['transfer-encoding'] = 'chunked';
  request.httpVersionMajor = 1;
  const taken: number[] = [];
  const taker = { taken: (body: Buffer) => void taken.push(body.length), tooLarge: () => assert.fail('too large') };
  readBody(request, { bytesMax: Number.POSITIVE_INFINITY, ...taker });
  return { request, taken };
}

test('bodies that do not end fill no more than their part of the memory, and small ones always come through', async () => {
  // Nobody writes to it, so that the system has no pages for it.
  const half = Buffer.alloc(600 * 1024 * 1024);
  const [first, second, small] = [begun(), begun(), begun()];
  first.request.emit('data', half);
  second.request.emit('data', half);
  assert.deepEqual([first.request.destroyed, second.request.destroyed], [false, true]);
  small.request.emit('data', Buffer.alloc(1000));
  small.request.emit('end');
  assert.deepEqual(small.taken, [1000]);
  first.request.emit('close');
  const next = begun();
  next.request.emit('data', half);
  assert.equal(next.request.destroyed, false);
  next.request.emit('close');
});
