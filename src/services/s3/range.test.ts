import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byteRange } from './range.ts';

test('ranges, as S3 reads them', () => {
  const cases: readonly [text: string | undefined, size: number, found: [number, number] | 'whole' | 'InvalidRange'][] =
    [
      [undefined, 10, 'whole'],
      ['bytes=0-0', 10, [0, 1]],
      ['bytes=0-', 10, [0, 10]],
      ['bytes=9-100', 10, [9, 10]],
      ['bytes=-4', 10, [6, 10]],
      ['bytes=-40', 10, [0, 10]],
      ['bytes=10-', 10, 'InvalidRange'],
      ['bytes=-0', 10, 'InvalidRange'],
      ['bytes=0-', 0, 'InvalidRange'],
      ['bytes=5-4', 10, 'whole'],
      ['bytes=0-1,2-3', 10, 'whole'],
      ['bytes=a-b', 10, 'whole'],
      ['items=0-1', 10, 'whole'],
      ['bytes=-', 10, 'whole'],
    ];
  for (const [text, size, found] of cases) {
    if (found === 'InvalidRange') assert.throws(() => byteRange(text, size), { code: found }, String(text));
    else {
      const range = byteRange(text, size);
      assert.deepEqual(range === undefined ? 'whole' : [range.start, range.end], found, String(text));
    }
  }
});
