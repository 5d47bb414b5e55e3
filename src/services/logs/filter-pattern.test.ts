import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileFilter } from './filter-pattern.ts';

const cases: [pattern: string, message: string, matches: boolean][] = [
  ['', 'anything', true],
  ['ERROR', 'an ERROR here', true],
  ['ERROR', 'an error here', false],
  ['ERROR disk', 'ERROR: disk full', true],
  ['ERROR disk', 'ERROR: net down', false],
  ['"disk full"', 'the disk full of it', true],
  ['"disk full"', 'disk is full', false],
  ['?ERROR ?WARN', 'a WARN', true],
  ['?ERROR ?WARN', 'an INFO', false],
  ['ERROR -debug', 'ERROR debug', false],
  ['ERROR -debug', 'ERROR', true],
  ['{ $.level = "ERROR" }', '{"level":"ERROR"}', true],
  ['{ $.level = "ERROR" }', '{"level":"INFO"}', false],
  ['{ $.level = "ERROR" }', 'not json', false],
  ['{ $.level = "ERR*" }', '{"level":"ERROR"}', true],
  ['{ $.ms > 100 && $.a.b[1] = 2 }', '{"ms":101,"a":{"b":[1,2]}}', true],
  ['{ $.ms > 100 && $.a.b[1] = 2 }', '{"ms":99,"a":{"b":[1,2]}}', false],
  ['{ ($.a = 1) || ($.b = 2) }', '{"b":2}', true],
  ['{ $.a NOT EXISTS }', '{"b":2}', true],
  ['{ $.a.length NOT EXISTS }', '{"a":[1]}', true],
  ['{ $.toString NOT EXISTS }', '{"a":[1]}', true],
  ['{ $.a IS NULL }', '{"a":null}', true],
  ['{ $.a != 1 }', '{"a":2}', true],
  ['{ $.a = "1.5*(" }', '{"a":"1.5x("}', true],
  ['{ $.a = "*b*d*" }', '{"a":"abcde"}', true],
  ['{ $.a = "*d*b*" }', '{"a":"abcde"}', false],
  ['{ $.a = "ab*ba" }', '{"a":"aba"}', false],
  ['{ $.a = "a*b*bc" }', '{"a":"abc"}', false],
];

for (const [pattern, message, matches] of cases) {
  test(`${pattern || '(nothing)'} ${matches ? 'takes' : 'passes over'} ${message}`, () => {
    assert.equal(compileFilter(pattern)(message), matches);
  });
}

test('what is no pattern is refused', () => {
  for (const pattern of ['{ $.a', '{ a = 1 }', '[a, b]', '%ab+%', '{ $.a ~ 1 }']) {
    assert.throws(() => compileFilter(pattern), { code: 'InvalidParameterException' }, pattern);
  }
});

test('many wildcards that nearly match are passed over at once', () => {
  const pattern = `{ $.a = "${'*a'.repeat(100)}*b" }`;
  assert.equal(compileFilter(pattern)(JSON.stringify({ a: 'a'.repeat(10_000) })), false);
});
