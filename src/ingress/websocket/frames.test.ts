/** What clients may send and what they may not (RFC 6455, sections 5 to 8). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeFrame, FrameReader, frame, ProtocolViolation } from './frames.ts';

const limits = { frameBytesMax: 1000, messageBytesMax: 1500 };

/** As a client sends it; options break one rule each. */
function sent(opcode: number, payload: Buffer | string, { final = true, masked = true, rsv = 0 } = {}): Buffer {
  const bytes = Buffer.from(payload);
  const head = Buffer.from(frame('text', bytes).subarray(0, -bytes.length || undefined));
  head[0] = (final ? 0x80 : 0) | (rsv << 4) | opcode;
  if (!masked) return Buffer.concat([head, bytes]);
  head[1] = (head[1] ?? 0) | 0x80;
  const mask = Buffer.from([1, 2, 3, 4]);
  return Buffer.concat([head, mask, bytes.map((byte, at) => byte ^ (mask[at % 4] ?? 0))]);
}

function read(...pieces: Buffer[]): string[] {
  const reader = new FrameReader(limits);
  return pieces.flatMap((piece) =>
    [...reader.push(piece)].map((each) =>
      each.kind === 'close' ? `close ${each.code} ${each.reason}` : `${each.kind} ${each.data.toString()}`,
    ),
  );
}

test('messages, whole and in fragments with control frames between them', () => {
  assert.deepEqual(read(sent(1, 'hello'), sent(2, 'bytes'), sent(1, '')), ['text hello', 'binary bytes', 'text ']);
  const pieces = [sent(1, 'a', { final: false }), sent(9, 'p'), sent(0, '', { final: false }), sent(0, 'ü')];
  assert.deepEqual(read(...pieces), ['ping p', 'text aü']);
  assert.deepEqual(read(sent(10, 'x'), sent(8, '')), ['pong x', 'close 1005 ']);
  assert.deepEqual(read(sent(8, Buffer.from([0x03, 0xe8, 0x68, 0x69]))), ['close 1000 hi']);
  assert.deepEqual(read(sent(1, 'x'.repeat(700))), [`text ${'x'.repeat(700)}`]);
});

test('it does not matter how the bytes are cut', () => {
  const bytes = Buffer.concat([
    sent(1, 'one'),
    sent(1, 'x'.repeat(200)),
    sent(9, ''),
    sent(8, closeFrame(1001).subarray(2)),
  ]);
  const wanted = ['text one', `text ${'x'.repeat(200)}`, 'ping ', 'close 1001 '];
  assert.deepEqual(read(bytes), wanted);
  for (const size of [1, 2, 3, 7]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
      bytes.subarray(n * size, (n + 1) * size),
    );
    assert.deepEqual(read(...pieces), wanted, `in pieces of ${size}`);
  }
});

/** A promise of eight exabytes. */
const huge = Buffer.from([0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);

const violations: readonly (readonly [string, Buffer[], number])[] = [
  ['no mask', [sent(1, 'a', { masked: false })], 1002],
  ['reserved bits', [sent(1, 'a', { rsv: 4 })], 1002],
  ['an unknown opcode', [sent(3, 'a')], 1002],
  ['an unknown control frame', [sent(11, '')], 1002],
  ['a control frame in pieces', [sent(9, '', { final: false })], 1002],
  ['a large control frame', [sent(9, 'x'.repeat(126))], 1002],
  ['a fragment of nothing', [sent(0, 'a')], 1002],
  ['a message within a message', [sent(1, 'a', { final: false }), sent(1, 'b')], 1002],
  ['a large frame', [sent(1, 'x'.repeat(1001))], 1009],
  ['a frame that says it is huge', [huge], 1009],
  ['a large message', [sent(1, 'x'.repeat(900), { final: false }), sent(0, 'x'.repeat(900))], 1009],
  ['text that is none', [sent(1, Buffer.from([0xff]))], 1007],
  ['a close of one byte', [sent(8, 'a')], 1002],
  ['a close code that nobody may send', [sent(8, Buffer.from([0x03, 0xed]))], 1002],
];

for (const [what, pieces, code] of violations) {
  test(`${what} closes with ${code}`, () => {
    assert.throws(
      () => read(...pieces),
      (error) => error instanceof ProtocolViolation && error.code === code,
    );
  });
}

test('frames of a server have the shortest length that holds theirs', () => {
  assert.deepEqual([...frame('text', Buffer.from('hi'))], [0x81, 2, 104, 105]);
  assert.deepEqual([...frame('binary', Buffer.alloc(126)).subarray(0, 4)], [0x82, 126, 0, 126]);
  assert.deepEqual([...frame('text', Buffer.alloc(65_536)).subarray(0, 10)], [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
});
