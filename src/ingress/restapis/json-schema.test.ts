import assert from 'node:assert/strict';
import { test } from 'node:test';
import { schemaProblem } from './json-schema.ts';

type Case = readonly [schema: object, fits: readonly unknown[], not: readonly unknown[]];

const cases: readonly Case[] = [
  [{}, [1, null, {}], []],
  [{ type: 'string' }, ['a'], [1, null, {}]],
  [{ type: ['string', 'null'] }, ['a', null], [1]],
  [{ type: 'integer' }, [1, -2], [1.5, '1']],
  [{ type: 'number' }, [1, 1.5], ['1']],
  [
    { type: 'array', items: { type: 'integer' }, minItems: 1, maxItems: 2, uniqueItems: true },
    [[1], [1, 2]],
    [[], [1, 1], ['a'], [1, 2, 3]],
  ],
  [{ items: [{ type: 'string' }], additionalItems: false }, [['a'], []], [['a', 1], [1]]],
  [
    { required: ['a'], properties: { a: { minLength: 2, maxLength: 3 } } },
    [{ a: 'éé' }, { a: 'abc', b: 1 }],
    [{}, { a: 'a' }, { a: 'abcd' }],
  ],
  [{ properties: { a: {} }, additionalProperties: false }, [{ a: 1 }, {}], [{ b: 1 }]],
  [
    { patternProperties: { '^x-': { type: 'string' } }, additionalProperties: { type: 'integer' } },
    [{ 'x-a': 's', n: 1 }],
    [{ 'x-a': 1 }, { n: 's' }],
  ],
  [{ enum: ['a', { b: 1 }] }, ['a', { b: 1 }], ['b', { b: 2 }]],
  [{ minimum: 1, maximum: 3, exclusiveMaximum: true }, [1, 2.9], [0, 3]],
  [{ multipleOf: 0.1 }, [0.3, 1], [0.35]],
  [{ pattern: '^a+$' }, ['aa', 1], ['b']],
  [{ allOf: [{ minimum: 1 }, { maximum: 2 }] }, [1], [3]],
  [{ anyOf: [{ type: 'string' }, { minimum: 5 }] }, ['a', 5], [4]],
  [{ oneOf: [{ minimum: 1 }, { maximum: 2 }] }, [0, 3], [1.5]],
  [{ not: { type: 'null' } }, [1], [null]],
  [{ dependencies: { a: ['b'], c: { required: ['d'] } } }, [{ a: 1, b: 1 }, {}, { c: 1, d: 1 }], [{ a: 1 }, { c: 1 }]],
  [{ minProperties: 1, maxProperties: 1 }, [{ a: 1 }], [{}, { a: 1, b: 2 }]],
  [{ $ref: 'even' }, [2], [1]],
  [{ required: ['__proto__'] }, [JSON.parse('{"__proto__":1}')], [{}]],
];

const refer = (name: string) => ({ even: { multipleOf: 2 }, loop: { $ref: 'loop' } })[name];

for (const [schema, fits, not] of cases) {
  test(JSON.stringify(schema), () => {
    for (const value of fits) assert.equal(schemaProblem(schema, value, refer), undefined, JSON.stringify(value));
    for (const value of not) assert.equal(typeof schemaProblem(schema, value, refer), 'string', JSON.stringify(value));
  });
}

test('a schema that goes around in circles, or takes too long, fits nothing', () => {
  assert.equal(typeof schemaProblem({ $ref: 'loop' }, 1, refer), 'string');
  assert.equal(typeof schemaProblem({ $ref: 'absent' }, 1, refer), 'string');
  let deep: object = { type: 'null' };
  for (let n = 0; n < 30; n += 1) deep = { anyOf: [deep, deep] };
  assert.equal(typeof schemaProblem(deep, 1, refer), 'string');
  assert.equal(typeof schemaProblem({ pattern: '^(a+)+$' }, `${'a'.repeat(60)}b`, refer), 'string');
});
