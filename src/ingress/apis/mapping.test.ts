/** Parameter mapping: what is changed of requests and responses, and what of a hostile client does not come through. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mappedAnswer, mappedRequest } from './mapping.ts';
import { arrivedExchange } from './testing/exchange.ts';

const exchange = arrivedExchange({
  pathParameters: { id: '7' },
  call: {
    query: 'q=1&q=2&keep=a%20b',
    body: Buffer.from('{"a":{"b":[1,"two"]},"evil":"x\\r\\ny: z"}'),
    headers: [
      ['X-Old', 'old'],
      ['x-gone', 'gone'],
    ],
  },
});

/** As a variable is written beside others. */
const braced = (name: string) => `$\{${name}}`;

function request(parameters: Record<string, string>) {
  const { call, path } = mappedRequest(exchange, parameters);
  return { path, query: call.query, headers: Object.fromEntries(call.headers) };
}

test('headers are added, replaced and taken away', () => {
  const { headers, query } = request({
    'append:header.x-id': '$request.path.id',
    'overwrite:header.x-old': `new-${braced('context.requestId')}-${braced('stageVariables.env')}`,
    'remove:header.X-Gone': "''",
    'append:header.x-body': '$request.body.a.b[1]',
    'append:header.x-nothing': '$request.header.nothing',
  });
  assert.deepEqual(headers, { 'x-id': '7', 'x-old': 'new-r=-test', 'x-body': 'two' });
  assert.equal(query, 'q=1&q=2&keep=a%20b');
});

test('a value that could end a header is none', () => {
  assert.deepEqual(request({ 'overwrite:header.x-old': '$request.body.evil' }).headers, { 'x-gone': 'gone' });
});

test('the query and the path', () => {
  const { path, query } = request({
    'overwrite:querystring.q': '$request.querystring.q',
    'append:querystring.new': 'a&b',
    'remove:querystring.keep': "''",
    'overwrite:path': `/v2${braced('request.path')}/${braced('request.path.id')}`,
  });
  assert.equal(query, 'q=1%2C2&new=a%26b');
  assert.equal(path, '/v2/pets/7/7');
});

test('members of a prototype are no parameters', () => {
  const { headers } = request({
    'append:header.x': '$request.path.constructor',
    'append:header.y': '$context.toString',
  });
  assert.deepEqual(headers, { 'X-Old': 'old', 'x-gone': 'gone' });
});

test('a response is changed by its own status alone', () => {
  const answer = { status: 500, headers: [['x-a', '1']] as const, body: Buffer.from('{"code":409}') };
  const mapped = mappedAnswer(exchange, answer, {
    '500': { 'overwrite:statuscode': '403', 'append:header.x-code': '$response.body.code', 'remove:header.x-a': "''" },
    '200': { 'append:header.x-never': 'x' },
  });
  assert.deepEqual([mapped.status, mapped.headers], [403, [['x-code', '409']]]);
  assert.equal(mappedAnswer(exchange, answer, { '200': { 'overwrite:statuscode': '201' } }).status, 500);
});
