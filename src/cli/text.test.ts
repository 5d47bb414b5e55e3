import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, columns, dollars, printable, share, styleFor, wrapped } from './text.ts';

test('colours are for terminals, and for those who want them', () => {
  const painted = (stream: { isTTY?: boolean }, env: Record<string, string>) => styleFor(stream, env).bad('x') !== 'x';
  assert.equal(painted({ isTTY: true }, {}), true);
  assert.equal(painted({}, {}), false);
  assert.equal(painted({ isTTY: true }, { NO_COLOR: '1' }), false);
  assert.equal(painted({ isTTY: true }, { TERM: 'dumb' }), false);
});

test('columns line up, coloured or not', () => {
  const { strong } = styleFor({ isTTY: true }, {});
  assert.equal(
    columns(
      [
        ['a', '1'],
        ['long', '10'],
      ],
      new Set([1]),
    ),
    'a      1\nlong  10',
  );
  assert.equal(
    columns([
      [strong('a'), 'b'],
      ['long', 'c'],
    ]),
    `${strong('a')}     b\nlong  c`,
  );
});

test('what a function wrote cannot move the cursor or name the window', () => {
  assert.equal(printable('a\u001b[2Jb\tc\nd'), 'ab\tc\nd');
  assert.equal(printable('a\rb\u0007\u009bx'), 'a\u{fffd}b\u{fffd}\u{fffd}x');
});

test('sizes and paragraphs read well', () => {
  assert.deepEqual([0, 1023, 1536, 5 * 1024 ** 2, 300 * 1024 ** 2].map(bytes), [
    '0 B',
    '1023 B',
    '1.5 KB',
    '5.0 MB',
    '300 MB',
  ]);
  assert.equal(wrapped('one two three', 7), 'one two\nthree');
});

test('small amounts of dollars keep their first two digits', () => {
  assert.deepEqual([0, 1.254, 0.000_000_421].map(dollars), ['$0.00', '$1.25', '$0.00000042']);
});

test('a share is a bar where a person looks on, and is never longer than the whole', () => {
  assert.equal(share(0.5, true), '██████████░░░░░░░░░░ 50.0 %');
  assert.equal(share(7, true), '████████████████████ 700.0 %');
  assert.equal(share(0.5, false), '50.0 %');
});
