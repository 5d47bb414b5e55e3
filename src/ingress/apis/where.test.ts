import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiAddress } from './where.ts';

const host = 'abcdefghij.execute-api.us-east-1.localhost:4566';
const at = (path: string, stageName?: string) => ({ apiId: 'abcdefghij', path, stageName });

const cases: readonly (readonly [string | undefined, string, object | undefined])[] = [
  [host, '/a/b', at('/a/b')],
  [host.toUpperCase().replace('.EXECUTE-API.', '.execute-api.'), '/', at('/')],
  ['abcdefghij.execute-api.us-east-1.amazonaws.com', '/', at('/')],
  // Neither is a path, and joined to a URL it would name another host.
  [host, '*', at('/')],
  [host, 'http://evil.example/', at('/')],
  ['127.0.0.1:4566', '/_lambent/apis/abcdefghij/dev/a/b', at('/a/b', 'dev')],
  ['127.0.0.1:4566', '/_lambent/apis/abcdefghij/%24default/', at('/', '$default')],
  ['127.0.0.1:4566', '/_lambent/apis/abcdefghij/dev', at('/', 'dev')],
  ['127.0.0.1:4566', '/_lambent/apis/', { apiId: '', path: '/', stageName: '' }],
  ['short.execute-api.us-east-1.localhost', '/', undefined],
  ['abcdefghij.execute-api.localhost', '/', undefined],
  ['127.0.0.1:4566', '/2015-03-31/functions', undefined],
  [undefined, '/', undefined],
];

for (const [name, path, address] of cases) {
  test(`${name ?? 'no host'} ${path}`, () => assert.deepEqual(apiAddress(name, path), address));
}
