import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRouteKey } from '../../services/apigatewayv2/route-key.ts';
import { RouteTable } from './route-table.ts';

const keys = [
  '$default',
  'ANY /{proxy+}',
  'GET /pets/{proxy+}',
  'GET /pets/dog/{id}',
  'GET /pets/dog/1',
  'ANY /pets/dog/1',
  'POST /{kind}/x',
  'POST /pets/{rest+}',
  'GET /',
  'GET /a-b/ü',
];
const table = new RouteTable(keys.map((RouteKey) => ({ RouteKey })));

/** What is asked for, the route that takes it, and what its variables are. */
const cases: readonly (readonly [string, string, Record<string, string>])[] = [
  ['GET /pets/dog/1', 'GET /pets/dog/1', {}],
  ['PUT /pets/dog/1', 'ANY /pets/dog/1', {}],
  ['GET /pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
  ['GET /pets/dog/a%2Fb', 'GET /pets/dog/{id}', { id: 'a/b' }],
  ['GET /pets/dog/%E0%A4%A', 'GET /pets/dog/{id}', { id: '%E0%A4%A' }],
  ['GET /pets/cat/1', 'GET /pets/{proxy+}', { proxy: 'cat/1' }],
  ['POST /test/5', 'ANY /{proxy+}', { proxy: 'test/5' }],
  // A match to the last segment comes before one that ends in a greedy variable.
  ['POST /pets/x', 'POST /{kind}/x', { kind: 'pets' }],
  ['POST /pets/y/z', 'POST /pets/{rest+}', { rest: 'y/z' }],
  // A variable is never empty.
  ['GET /pets/dog/', 'GET /pets/{proxy+}', { proxy: 'dog/' }],
  ['GET /', 'GET /', {}],
  ['PUT /', '$default', {}],
  ['GET /a%2Db/%C3%BC', 'GET /a-b/ü', {}],
  ['GET /__proto__', 'ANY /{proxy+}', { proxy: '__proto__' }],
];

for (const [asked, RouteKey, pathParameters] of cases) {
  test(`${asked} goes to ${RouteKey}`, () => {
    const [method = '', path = ''] = asked.split(' ');
    assert.deepEqual(table.find(method, path), { route: { RouteKey }, pathParameters });
  });
}

test('without $default there may be no route', () => {
  const only = new RouteTable([{ RouteKey: 'GET /a' }]);
  assert.equal(only.find('GET', '/b'), undefined);
  assert.equal(only.find('POST', '/a'), undefined);
});

test('what is no route key', () => {
  for (const key of ['GET', 'get /a', 'FETCH /a', 'GET a', 'GET /{a', 'GET /{a+}/b', 'GET /{a}/{a}', 'GET /x{a}', '']) {
    assert.equal(parseRouteKey(key), undefined, key);
  }
});
