import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeFrame } from '../../src/aws/codec/event-stream.ts';
import { EventStreamCounter } from './event-stream.ts';

test('payloads are counted, and the last one apart, whatever the pieces that they come in', () => {
  const frames = ['hello', 'x'.repeat(100_000), '{}'].map((text) =>
    encodeFrame([[':event-type', 'PayloadChunk']], Buffer.from(text)),
  );
  const stream = Buffer.concat(frames);
  for (const size of [1, 7, 64, 4096, stream.length]) {
    const counter = new EventStreamCounter();
    for (let at = 0; at < stream.length; at += size) counter.push(stream.subarray(at, at + size));
    const { payloadBytes, lastPayloadBytes, messages, complete } = counter;
    assert.deepEqual(
      { payloadBytes, lastPayloadBytes, messages, complete },
      {
        payloadBytes: 100_007,
        lastPayloadBytes: 2,
        messages: 3,
        complete: true,
      },
    );
    counter.push(stream.subarray(0, 20));
    assert.equal(counter.complete, false);
  }
});
