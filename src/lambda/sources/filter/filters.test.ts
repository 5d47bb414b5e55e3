import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsError } from '../../model/expected-error.ts';
import { compileFilters } from './filters.ts';

function fits(pattern: unknown, record: Record<string, unknown>): boolean {
  const filter = compileFilters({ Filters: [{ Pattern: JSON.stringify(pattern) }] }, ['body']);
  assert.ok(filter);
  return filter(record);
}

/** pattern of a field `v` · values of `v` that fit · values that do not; `undefined` is a field that is not there. */
const values: readonly (readonly [pattern: unknown, fit: readonly unknown[], no: readonly unknown[]])[] = [
  [['a'], ['a', ['b', 'a'], [['a']]], ['A', 'ab', '', null, undefined, { a: 'a' }, []]],
  [['a', 'b'], ['a', 'b'], ['c']],
  [[''], [''], [' ', null, undefined]],
  [[null], [null, [1, null]], ['null', '', 0, undefined]],
  [[1], [1, 1.0], ['1', true, 2]],
  [[true], [true], [1, 'true', false]],
  [[{ prefix: 'ab' }], ['ab', 'abc', ['x', 'abz']], ['xab', 'AB', 1, undefined]],
  [[{ suffix: '.png' }], ['a.png'], ['a.PNG', 'png', undefined]],
  [[{ prefix: { 'equals-ignore-case': 'Ab' } }], ['aBc'], ['xab']],
  [[{ 'equals-ignore-case': 'aLiCe' }], ['alice', 'ALICE'], ['alic', undefined]],
  [[{ 'anything-but': 'a' }], ['b', 1, null], ['a', undefined, { x: 1 }]],
  [[{ 'anything-but': ['a', 1] }], ['b', 2, ['a', 'b']], ['a', 1, ['a', 1], undefined]],
  [[{ 'anything-but': { prefix: 'tmp' } }], ['x', 1], ['tmp1']],
  [[{ exists: true }], ['', null, 0, ['a']], [undefined, { x: 1 }, []]],
  [[{ exists: false }], [undefined, { x: 1 }, []], ['', null]],
  [['a', { exists: false }], ['a', undefined], ['b']],
  [[{ numeric: ['=', 3] }], [3, 3.0], ['3', 4]],
  [[{ numeric: ['>', 0, '<=', 10] }], [1, 10], [0, 11, '5']],
  [[{ numeric: ['>=', 1, '<', 2] }], [1, 1.5], [2, 0.9]],
  [[{ numeric: ['<', -5] }], [-6], [-5]],
  [[{ prefix: 'a' }, { suffix: 'z' }], ['ab', 'yz'], ['bc']],
  [{ w: [1] }, [{ w: 1 }, { w: [2, 1], x: 3 }, [{ w: 2 }, { w: 1 }]], [{ w: 2 }, 1, undefined, [], { x: 1 }]],
  [{ w: ['a'], x: ['b'] }, [{ w: 'a', x: 'b' }], [{ w: 'a' }, [{ w: 'a' }, { x: 'b' }]]],
  [{ $or: [{ w: [1] }, { x: [2] }] }, [{ w: 1 }, { x: 2 }], [{ w: 2 }, {}]],
  [{ w: [1], $or: [{ x: [2] }, { y: [3] }] }, [{ w: 1, y: 3 }], [{ w: 1 }, { x: 2 }]],
];

for (const [pattern, fit, no] of values) {
  test(`the pattern ${JSON.stringify(pattern)}`, () => {
    for (const value of fit) assert.ok(fits({ v: pattern }, { v: value }), `takes ${JSON.stringify(value)}`);
    for (const value of no) assert.ok(!fits({ v: pattern }, { v: value }), `refuses ${JSON.stringify(value)}`);
  });
}

test('data is JSON for patterns with fields, text for patterns with values, and never both', () => {
  const fields = { body: { city: ['Oslo'] } };
  const text = { body: ['Oslo', { prefix: 'hi' }] };
  assert.ok(fits(fields, { body: '{"city":"Oslo"}' }));
  assert.ok(fits(fields, { body: ' [{"city":"Rome"},{"city":"Oslo"}]' }));
  assert.ok(!fits(fields, { body: 'Oslo' }));
  assert.ok(!fits(fields, { body: '{"city":"Oslo"' }));
  assert.ok(!fits(fields, {}));
  assert.ok(fits(text, { body: 'Oslo' }));
  assert.ok(fits(text, { body: 'hi there' }));
  assert.ok(!fits(text, { body: '{"city":"Oslo"}' }));
  assert.ok(!fits({ body: [{ 'anything-but': 'x' }] }, { body: '["y"]' }));
  assert.ok(fits({ body: ['5'] }, { body: '5' }));
});

test('fields beside the data, and $or over both', () => {
  const pattern = { $or: [{ body: { n: [1] } }, { messageAttributes: { kind: { stringValue: ['urgent'] } } }] };
  assert.ok(fits(pattern, { body: '{"n":1}' }));
  assert.ok(fits(pattern, { body: 'x', messageAttributes: { kind: { stringValue: 'urgent' } } }));
  assert.ok(!fits(pattern, { body: 'x', messageAttributes: {} }));
});

test('one of several filters is enough; without filters there is nothing to apply', () => {
  const criteria = { Filters: [{ Pattern: '{"body":["a"]}' }, { Pattern: '{"body":["b"]}' }] };
  const filter = compileFilters(criteria, ['body']);
  assert.deepEqual(
    ['a', 'b', 'c'].map((body) => filter?.({ body })),
    [true, true, false],
  );
  assert.equal(compileFilters({ Filters: [] }, []), undefined);
  assert.equal(compileFilters(undefined, []), undefined);
});

test('names that every object has are no fields, and deep nesting does no harm', () => {
  assert.ok(!fits({ constructor: [{ exists: true }] }, {}));
  assert.ok(fits({ __proto__x: [{ exists: false }] }, {}));
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  assert.ok(!fits({ body: { a: [{ prefix: 'x' }] } }, { body: `{"a":${deep}}` }));
  const wide = JSON.stringify({ a: Array.from({ length: 300_000 }, () => 'y') });
  assert.ok(!fits({ body: { a: ['x'] } }, { body: wide }));
});

const broken = [
  '',
  'x',
  '[]',
  '"body"',
  'null',
  '{}',
  '{"body":"a"}',
  '{"body":[]}',
  '{"body":{}}',
  '{"a":{"b":1}}',
  '{"a":[{}]}',
  '{"a":[["b"]]}',
  '{"a":[{"prefix":1}]}',
  '{"a":[{"prefix":"x","suffix":"y"}]}',
  '{"a":[{"like":"x"}]}',
  '{"a":[{"exists":"true"}]}',
  '{"a":[{"anything-but":[]}]}',
  '{"a":[{"anything-but":{"numeric":[">",1]}}]}',
  '{"a":[{"numeric":[">"]}]}',
  '{"a":[{"numeric":[">","1"]}]}',
  '{"a":[{"numeric":["~",1]}]}',
  '{"a":[{"numeric":["<",1,">",0]}]}',
  '{"a":[{"numeric":[">",5,"<",1]}]}',
  '{"a":[{"numeric":[">",1,"<"]}]}',
  '{"$or":[]}',
  '{"$or":[{"a":[1]}]}',
  '{"$or":{"a":[1]}}',
];

for (const pattern of broken) {
  test(`no pattern: ${pattern}`, () => {
    assert.throws(
      () => compileFilters({ Filters: [{ Pattern: pattern }] }, ['body']),
      awsError(400, 'InvalidParameterValueException', 'Invalid filter pattern definition.'),
    );
  });
}
