import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemRandom } from './random.ts';

test('hex gives as many bytes as asked, and never the same again', () => {
  const seen = new Set<string>();
  for (let round = 0; round < 10_000; round++) {
    const text = systemRandom.hex(16);
    assert.match(text, /^[0-9a-f]{32}$/);
    seen.add(text);
  }
  assert.equal(seen.size, 10_000);
  assert.deepEqual(
    [0, 1, 4095, 4096, 4097].map((bytes) => systemRandom.hex(bytes).length / 2),
    [0, 1, 4095, 4096, 4097],
  );
});

test('hex does not give zeros for bytes that were drawn ahead', () => {
  for (let round = 0; round < 1000; round++) assert.doesNotMatch(systemRandom.hex(24), /^0+$/);
});
