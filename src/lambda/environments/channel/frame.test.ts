import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeFrame, FrameReader, frameTypes, type Verdict } from './frame.ts';

function reading(judge: (type: number, bytes: number) => Verdict = () => 'take') {
  const seen: [number, string][] = [];
  const reader = new FrameReader({
    judge,
    frame: (type, body) => seen.push([type, body.toString()]),
    discarded: (type, bytes) => seen.push([type, `discarded ${bytes}`]),
  });
  return { reader, seen };
}

test('frames are read whatever the chunks they come in', () => {
  const bytes = Buffer.concat([
    encodeFrame(frameTypes.response, Buffer.from('one')),
    encodeFrame(frameTypes.ready),
    encodeFrame(frameTypes.response, Buffer.from('two'), Buffer.from('three')),
  ]);
  for (let size = 1; size <= bytes.length; size += 1) {
    const { reader, seen } = reading();
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
    assert.deepEqual(seen, [
      [frameTypes.response, 'one'],
      [frameTypes.ready, ''],
      [frameTypes.response, 'twothree'],
    ]);
  }
});

test('a body that is too large passes by without being kept', () => {
  const { reader, seen } = reading((_type, bytes) => (bytes > 10 ? 'discard' : 'take'));
  const large = encodeFrame(frameTypes.response, Buffer.alloc(1000));
  for (let at = 0; at < large.length; at += 7) reader.push(large.subarray(at, at + 7));
  reader.push(encodeFrame(frameTypes.response, Buffer.from('next')));
  assert.deepEqual(seen, [
    [frameTypes.response, 'discarded 1000'],
    [frameTypes.response, 'next'],
  ]);
});

test('after a refused frame nothing more is read', () => {
  const { reader, seen } = reading((type) => (type === 99 ? 'refuse' : 'take'));
  const hostile = encodeFrame(frameTypes.response, Buffer.from('x'));
  hostile.writeUInt8(99, 4);
  reader.push(Buffer.concat([hostile, encodeFrame(frameTypes.ready)]));
  reader.push(encodeFrame(frameTypes.ready));
  assert.deepEqual(seen, []);
});

test('a frame of no length is refused', () => {
  const { reader, seen } = reading();
  reader.push(Buffer.concat([Buffer.alloc(5), encodeFrame(frameTypes.ready)]));
  assert.deepEqual(seen, []);
});
