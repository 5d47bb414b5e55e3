import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileFilter } from './filter.ts';

const text = (value: string) => ({ type: 'String', text: value });
const number = (value: string) => ({ type: 'Number', text: value });
const list = (...values: unknown[]) => ({ type: 'String.Array', text: JSON.stringify(values) });
const bytes = { type: 'Binary', base64: 'AA==' };

type Attributes = Parameters<ReturnType<typeof compileFilter>>[0]['attributes'];

const byAttributes: readonly (readonly [policy: object, attributes: Attributes, wanted: boolean])[] = [
  [{}, {}, true],
  [{ store: ['a', 'b'] }, { store: text('b') }, true],
  [{ store: ['a', 'b'] }, { store: text('c') }, false],
  [{ store: ['a'] }, {}, false],
  [{ store: ['a'], kind: ['x'] }, { store: text('a') }, false],
  [{ store: ['a'], kind: ['x'] }, { store: text('a'), kind: text('x'), more: text('y') }, true],
  [{ price: [100] }, { price: number('100.0') }, true],
  [{ price: [100] }, { price: text('100') }, false],
  [{ price: ['100'] }, { price: number('100') }, false],
  [{ price: [{ numeric: ['>', 0, '<=', 150] }] }, { price: number('150') }, true],
  [{ price: [{ numeric: ['>', 0, '<=', 150] }] }, { price: number('151') }, false],
  [{ price: [{ numeric: ['=', -3] }] }, { price: number('-3') }, true],
  [{ s: [{ prefix: 'bas' }] }, { s: text('basket') }, true],
  [{ s: [{ prefix: 'bas' }] }, { s: text('rugby') }, false],
  [{ s: [{ suffix: 'ball' }] }, { s: text('baseball') }, true],
  [{ s: [{ 'equals-ignore-case': 'TENNIS' }] }, { s: text('tennis') }, true],
  [{ s: [{ 'anything-but': ['rugby', 'tennis'] }] }, { s: text('rugby') }, false],
  [{ s: [{ 'anything-but': ['rugby', 'tennis'] }] }, { s: list('rugby', 'baseball') }, true],
  [{ s: [{ 'anything-but': ['rugby'] }] }, {}, false],
  [{ s: [{ 'anything-but': { prefix: 'bas' } }] }, { s: text('football') }, true],
  [{ s: [{ 'anything-but': { suffix: 'ball' } }] }, { s: text('football') }, false],
  [{ s: ['rugby', { prefix: 'bas' }] }, { s: list('baseball') }, true],
  [{ s: [{ exists: true }] }, { s: text('') }, true],
  [{ s: [{ exists: false }] }, { other: text('x') }, true],
  [{ s: [{ exists: false }] }, { s: text('x') }, false],
  [{ s: [{ exists: true }] }, { s: bytes }, false],
  [{ ip: [{ cidr: '10.0.0.0/24' }] }, { ip: text('10.0.0.255') }, true],
  [{ ip: [{ cidr: '10.0.0.0/24' }] }, { ip: text('10.0.1.1') }, false],
  [{ ip: [{ cidr: '2001:db8::/32' }] }, { ip: text('2001:db8:1::1') }, true],
  [{ ip: [{ cidr: '10.0.0.0/24' }] }, { ip: text('no address') }, false],
  [{ $or: [{ a: ['1'] }, { b: ['2'] }] }, { b: text('2') }, true],
  [{ $or: [{ a: ['1'] }, { b: ['2'] }] }, { a: text('2') }, false],
  [{ c: ['3'], $or: [{ a: ['1'] }, { b: ['2'] }] }, { a: text('1') }, false],
  [{ v: [true, null] }, { v: list(true) }, true],
  [{ v: [null] }, { v: list(null) }, true],
];

test('by attributes', () => {
  for (const [policy, attributes, wanted] of byAttributes) {
    const filter = compileFilter(JSON.stringify(policy), 'MessageAttributes');
    assert.equal(
      filter({ message: '', attributes }),
      wanted,
      `${JSON.stringify(policy)} ${JSON.stringify(attributes)}`,
    );
  }
});

const byBody: readonly (readonly [policy: object, message: string, wanted: boolean])[] = [
  [{ a: { b: ['x'] } }, '{"a":{"b":"x"}}', true],
  [{ a: { b: ['x'] } }, '{"a":{"b":"y"}}', false],
  [{ a: { b: ['x'] } }, '{"a":[{"b":"y"},{"b":"x"}]}', true],
  [{ a: { b: ['x'], c: [1] } }, '{"a":[{"b":"x","c":2},{"b":"y","c":1}]}', false],
  [{ a: [{ exists: false }] }, '{"b":1}', true],
  [{ a: ['x'] }, '["x"]', false],
  [{ a: ['x'] }, 'no JSON', false],
  [{ a: [false] }, '{"a":false}', true],
  [{ $or: [{ a: { b: ['x'] } }, { n: [{ numeric: ['<', 5] }] }] }, '{"n":4}', true],
];

test('by the body', () => {
  for (const [policy, message, wanted] of byBody) {
    const filter = compileFilter(JSON.stringify(policy), 'MessageBody');
    assert.equal(filter({ message, attributes: {} }), wanted, `${JSON.stringify(policy)} ${message}`);
  }
});

test('what is no filter policy', () => {
  const six = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [name, ['x']]));
  const many = Array.from({ length: 13 }, (_, n) => n);
  const wrong: unknown[] = [
    [],
    { a: 'x' },
    { a: [] },
    { a: { b: ['x'] } },
    { a: [{ prefix: 1 }] },
    { a: [{ like: 'x' }] },
    { a: [{ numeric: ['>', 'x'] }] },
    { a: [{ cidr: '10.0.0.0/33' }] },
    { $or: [{ a: ['x'] }] },
    six,
    { a: many, b: many },
  ];
  const deep = `${'{"a":'.repeat(20_000)}["x"]${'}'.repeat(20_000)}`;
  for (const policy of [...wrong.map((each) => JSON.stringify(each)), 'no JSON', deep]) {
    assert.throws(
      () => compileFilter(policy, 'MessageAttributes'),
      { code: 'InvalidParameterException' },
      policy.slice(0, 80),
    );
  }
  assert.throws(() => compileFilter(deep, 'MessageBody'), { code: 'InvalidParameterException' });
});
