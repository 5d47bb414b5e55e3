/** What a function's result is as a response (reference: lambda-semantics 6.6, 6.7, 6.11). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpAnswer } from './answer.ts';
import { answerV1, answerV2 } from './function-answer.ts';

function shown(answer: HttpAnswer | undefined): string {
  if (answer === undefined) return 'malformed';
  const headers = answer.headers.map(([name, value]) => `${name}: ${value}`).join(' | ');
  return `${answer.status} ${headers} | ${answer.body.toString('latin1')}`;
}

const json = 'content-type: application/json';

const second: readonly (readonly [string, string])[] = [
  ['{"a":1}', `200 ${json} | {"a":1}`],
  ['"hello"', `200 ${json} | hello`],
  ['[1,2]', `200 ${json} | [1,2]`],
  ['7', `200 ${json} | 7`],
  ['null', `200 ${json} | null`],
  ['{"statusCode":201}', `201 ${json} | `],
  ['{"statusCode":"418","body":"x"}', `418 ${json} | x`],
  ['{"statusCode":200,"body":{"a":1}}', `200 ${json} | {"a":1}`],
  [
    '{"statusCode":200,"headers":{"Content-Type":"text/html","x-n":1,"x-t":true,"x-null":null},"body":"<p>"}',
    '200 Content-Type: text/html | x-n: 1 | x-t: true | <p>',
  ],
  ['{"statusCode":200,"cookies":["a=1","b=2"]}', `200 ${json} | set-cookie: a=1 | set-cookie: b=2 | `],
  ['{"statusCode":200,"body":"aGk=","isBase64Encoded":true}', `200 ${json} | hi`],
  ['{"statusCode":200,"cookies":"a=1"}', 'malformed'],
  ['{"statusCode":"ok"}', 'malformed'],
  ['{"statusCode":99}', 'malformed'],
  ['{"statusCode":700}', 'malformed'],
  ['{"statusCode":200,"headers":{"x":["a"]}}', 'malformed'],
  ['{"statusCode":200,"headers":{"x":"a\\r\\nset-cookie: evil=1"}}', 'malformed'],
  ['{"statusCode":200,"headers":{"bad name":"a"}}', 'malformed'],
  ['{', 'malformed'],
  ['', 'malformed'],
];

const first: readonly (readonly [string, string])[] = [
  ['{"statusCode":200,"body":"x"}', `200 ${json} | x`],
  ['{"headers":{"x":"1"}}', `200 ${json} | x: 1 | `],
  [
    '{"statusCode":200,"headers":{"k":"solo"},"multiValueHeaders":{"K":["multi"]}}',
    `200 ${json} | K: multi | k: solo | `,
  ],
  ['{"statusCode":200,"multiValueHeaders":{"k":"no list"}}', 'malformed'],
  ['{"statusCode":200,"wrongValue":"x"}', 'malformed'],
  ['{"statusCode":200,"body":{"a":1}}', 'malformed'],
  ['{"statusCode":"test"}', 'malformed'],
  ['null', 'malformed'],
  ['{}', 'malformed'],
  ['"text"', 'malformed'],
];

for (const [payload, answer] of second) {
  test(`format 2.0: ${payload || 'nothing'}`, () => assert.equal(shown(answerV2(Buffer.from(payload))), answer));
}

for (const [payload, answer] of first) {
  test(`format 1.0: ${payload}`, () => assert.equal(shown(answerV1(Buffer.from(payload))), answer));
}
