import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonFault } from './json-scan.ts';

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const values = [
  'null',
  ' true ',
  'false',
  '0',
  '-0',
  '-12.5e+10',
  '1E9',
  '""',
  '"\\u00e9\\n\\"\\\\/"',
  '"é€😀"',
  '[]',
  '[ ]',
  '{}',
  '{ }',
  '[1,[2,[3]],{}]',
  '{"a":{"b":[true,null,"x"]},"c":1}',
  '\t\r\n{"a"\n:\t1 }\r',
];

const faults: [text: string, at: number][] = [
  ['', 0],
  [' ', 1],
  ['nul', 3],
  ['01', 1],
  ['1.', 2],
  ['1e', 2],
  ['-', 1],
  ['+1', 0],
  ['.5', 0],
  ['"a', 2],
  ['"\n"', 1],
  ['"\\x"', 2],
  ['"\\u12g4"', 5],
  ['[1,]', 3],
  ['[1 2]', 3],
  ['[', 1],
  ['{"a"}', 4],
  ['{"a":}', 5],
  ['{"a":1,}', 7],
  ['{a:1}', 1],
  ['[1}', 2],
  ['{} {}', 3],
  ["{'a':1}", 1],
  ['NaN', 0],
  ['\ufeff{}', 0],
];

for (const text of values) {
  test(`takes ${JSON.stringify(text)}`, () => assert.equal(jsonFault(Buffer.from(text)), undefined));
}

for (const [text, at] of faults) {
  test(`finds the fault in ${JSON.stringify(text)}`, () => {
    assert.equal(jsonFault(Buffer.from(text)), at);
    assert.equal(parses(text), false);
  });
}

test('agrees with JSON.parse on 20,000 damaged values', () => {
  let seed = 4711;
  const below = (bound: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % bound;
  };
  const alphabet = '{}[]",:\\ \n0123456789.eE+-truefalsnu\u0001é';
  let valid = 0;
  for (let round = 0; round < 20_000; round++) {
    let text = values[below(values.length)] ?? '';
    for (let change = below(3); change >= 0; change--) {
      const at = below(text.length + 1);
      const insert = below(4) === 0 ? '' : (alphabet[below(alphabet.length)] ?? '');
      text = text.slice(0, at) + insert + text.slice(at + below(2));
    }
    const expected = parses(text);
    if (expected) valid++;
    assert.equal(jsonFault(Buffer.from(text)) === undefined, expected, JSON.stringify(text));
  }
  assert.ok(valid > 1000, 'the damage leaves some values whole');
});

test('takes a value that is nested a million times', () => {
  const deep = Buffer.concat([Buffer.alloc(1_000_000, '['), Buffer.alloc(1_000_000, ']')]);
  assert.equal(jsonFault(deep), undefined);
  assert.equal(jsonFault(deep.subarray(1)), 1_999_998);
});
