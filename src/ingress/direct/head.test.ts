import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invokeHead } from './head.ts';

const line = 'POST /2015-03-31/functions/echo/invocations HTTP/1.1\r\n';
const host = 'Host: localhost:9000\r\n';
const length = 'Content-Length: 2\r\n';
const end = '\r\n{}';
const signature = `Credential=AKID/20261126/us-east-1/lambda/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0a'.repeat(32)}`;

const read = (text: string) => invokeHead(Buffer.from(text, 'latin1'));

test('the head of a plain Invoke is read: names in lower case, values without their spaces', () => {
  const sent = `${line}${host}X-Amz-Log-Type:   Tail  \r\nEmpty:\r\nContent-Length:2\r\n${end}`;
  const head = read(sent);
  assert.equal(head?.url, '/2015-03-31/functions/echo/invocations');
  assert.deepEqual(head.headers, {
    host: 'localhost:9000',
    'x-amz-log-type': 'Tail',
    empty: '',
    'content-length': '2',
  });
  assert.equal(sent.slice(head.bodyStart, head.end), '{}');
});

/** [what it is, what the request is] */
const plain: readonly [string, string][] = [
  ['a function by its ARN', line.replace('echo', 'arn%3Aaws%3Alambda:us-east-1:000000000000:function:a-b_c:$LATEST')],
  ['a qualifier', line.replace('invocations ', 'invocations?Qualifier=$LATEST ')],
  ['a connection that is kept', `${line}Connection: Keep-Alive\r\n`],
  ['a signature for Lambda', `${line}Authorization: AWS4-HMAC-SHA256 ${signature}\r\n`],
];

for (const [name, request] of plain) {
  test(`${name} is plain`, () => assert.ok(read(request + host + length + end)));
}

const others: readonly [string, string][] = [
  ['no end', line + host + length],
  ['another method', line.replace('POST', 'PUT') + host + length + end],
  ['another version', line.replace('1.1', '1.0') + host + length + end],
  ['another path', line.replace('invocations', 'configuration') + host + length + end],
  ['an absolute URL', line.replace('/2015', 'http://localhost/2015') + host + length + end],
  ['another query', line.replace('invocations', 'invocations?X-Amz-Signature=1') + host + length + end],
  ['a fragment', line.replace('invocations', 'invocations#a') + host + length + end],
  ['two spaces', line.replace(' HTTP', '  HTTP') + host + length + end],
  ['no host', line + length + end],
  ['an empty host', `${line}Host: \r\n${length}${end}`],
  ['no length', line + host + end],
  ['two lengths', line + host + length + length + end],
  ['a length with a sign', `${line}${host}Content-Length: +2\r\n${end}`],
  ['a length in hexadecimal', `${line}${host}Content-Length: 0x2\r\n${end}`],
  ['two lengths in one', `${line}${host}Content-Length: 2, 2\r\n${end}`],
  ['a length of many pieces', `${line}${host}Content-Length: 70000\r\n${end}`],
  ['two hosts', line + host + host + length + end],
  ['an encoding of the transfer', `${line}${host}${length}Transfer-Encoding: chunked\r\n${end}`],
  ['a question before the body', `${line}${host}${length}Expect: 100-continue\r\n${end}`],
  ['an upgrade', `${line}${host}${length}Connection: Upgrade\r\nUpgrade: websocket\r\n${end}`],
  ['a last request', `${line}${host}${length}Connection: close\r\n${end}`],
  ['a space before the colon', `${line}${host}${length}X : 1\r\n${end}`],
  ['a folded line', `${line}${host}${length}X: 1\r\n 2\r\n${end}`],
  ['a line without a colon', `${line}${host}${length}X\r\n${end}`],
  ['a bare line feed', `${line}${host}${length}X: 1\nY: 2\r\n${end}`],
  ['a bare carriage return', `${line}${host}${length}X: 1\rY: 2\r\n${end}`],
  ['a tab', `${line}${host}${length}X:\t1\r\n${end}`],
  ['a NUL', `${line}${host}${length}X: \0\r\n${end}`],
  ['what is beyond ASCII', `${line}${host}${length}X: \xe9\r\n${end}`],
  ['a name of every object', `${line}${host}${length}constructor: 1\r\n${end}`],
  ['an underscore in a name', `${line}${host}${length}__proto__: 1\r\n${end}`],
  ['a target of another service', `${line}${host}${length}X-Amz-Target: AmazonSQS.SendMessage\r\n${end}`],
  [
    'a signature for S3',
    `${line}${host}${length}Authorization: AWS4-HMAC-SHA256 ${signature.replace('lambda', 's3')}\r\n${end}`,
  ],
  ['another kind of authorization', `${line}${host}${length}Authorization: Bearer lambda/aws4_request\r\n${end}`],
  ['a page that a browser shows', `${line}${host}${length}Sec-Fetch-Dest: document\r\n${end}`],
  ['too many headers', line + host + length + Array.from({ length: 70 }, (_, at) => `X-${at}: 1\r\n`).join('') + end],
];

for (const [name, request] of others) {
  test(`what has ${name} is left to node:http`, () => assert.equal(read(request), undefined));
}
