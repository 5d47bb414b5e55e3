import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonAt } from './json-path.ts';

const document = {
  a: {
    b: [
      { c: 1, t: 'x' },
      { c: 2, t: 'y' },
    ],
    'd e': true,
  },
  list: [1, 2, 3],
  n: null,
};

const cases: readonly (readonly [path: string, found: unknown])[] = [
  ['$', document],
  ['$.a.b[1].c', 2],
  ["$['a']['d e']", true],
  ['$["a"].b[-1].c', 2],
  ['$.list[0,2]', [1, 3]],
  ['$.list[1:]', [2, 3]],
  ['$.list[:2]', [1, 2]],
  ['$.list[-2:]', [2, 3]],
  ['$.list[*]', [1, 2, 3]],
  ['$.a.b[*].c', [1, 2]],
  ['$..c', [1, 2]],
  ['$.a.*', [document.a.b, true]],
  ["$.a.b[?(@.t == 'y')].c", [2]],
  ['$.a.b[?(@.c < 2)].t', ['x']],
  ['$.a.b[?(@.none)]', []],
  ["$['a','n']", [document.a, null]],
  ['$.n', null],
  ['$.none', undefined],
  ['$.list[9]', undefined],
  ['$.constructor', undefined],
  ['a', undefined],
  ['$.a[', undefined],
  ['$[?(', undefined],
];

for (const [path, found] of cases) test(path, () => assert.deepEqual(jsonAt(document, path), found));
