import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiContent } from '../../store/restapis/rest-record.ts';
import { methodFor, resourceFor } from './resource-tree.ts';

const paths = [
  '/',
  '/pets',
  '/pets/{id}',
  '/pets/{id}/toys',
  '/pets/mine',
  '/empty',
  '/empty/{x}',
  '/{proxy+}',
  '/a/{b+}',
];
const idOf = (path: string) => `id of ${path}`;
const missing = new Set(['/empty', '/a']);

const content: ApiContent = {
  ...{ api: {}, models: [], validators: [], authorizers: [], gatewayResponses: [] },
  resources: ['/', '/a', ...paths.slice(1)].map((path) => {
    const cut = path.lastIndexOf('/');
    const methods: Record<string, object> = missing.has(path) ? {} : { GET: {}, ANY: {} };
    const place = path === '/' ? {} : { parentId: idOf(path.slice(0, cut) || '/'), pathPart: path.slice(cut + 1) };
    return { id: idOf(path), path, ...place, resourceMethods: methods };
  }),
};

const cases: readonly (readonly [path: string, resource: string, parameters: object])[] = [
  ['/', '/', {}],
  ['/pets', '/pets', {}],
  ['/pets/', '/pets', {}],
  ['/pets/mine', '/pets/mine', {}],
  ['/pets/7', '/pets/{id}', { id: '7' }],
  ['/pets/a%2Fb/toys', '/pets/{id}/toys', { id: 'a%2Fb' }],
  // Nothing below `mine`: the other way leads there.
  ['/pets/mine/toys', '/pets/{id}/toys', { id: 'mine' }],
  ['/pets/7/other', '/{proxy+}', { proxy: 'pets/7/other' }],
  ['/empty', '/{proxy+}', { proxy: 'empty' }],
  ['/empty/1', '/empty/{x}', { x: '1' }],
  ['/a/b/c', '/a/{b+}', { b: 'b/c' }],
  ['/a', '/{proxy+}', { proxy: 'a' }],
  ['/x//y', '/{proxy+}', { proxy: 'x//y' }],
];

for (const [path, resource, parameters] of cases) {
  test(path, () => {
    const found = resourceFor(content, path);
    assert.deepEqual([found?.resource.path, found?.pathParameters], [resource, parameters]);
  });
}

test('a method of its own comes before ANY', () => {
  const resource = resourceFor(content, '/pets')?.resource;
  assert.ok(resource);
  assert.equal(methodFor(resource, 'GET'), resource.resourceMethods.GET);
  assert.equal(methodFor(resource, 'PUT'), resource.resourceMethods.ANY);
  assert.equal(methodFor({ ...resource, resourceMethods: { GET: {} } }, 'PUT'), undefined);
  assert.equal(methodFor({ ...resource, resourceMethods: { GET: {} } }, 'constructor'), undefined);
});
