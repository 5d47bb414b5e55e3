import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportedFailures } from './batch-response.ts';

/** answer → what failed of a and b (reference: lambda-semantics 5.2) */
const answers: readonly (readonly [answer: string, failed: 'none' | 'all' | string[]])[] = [
  ['', 'none'],
  ['null', 'none'],
  ['{}', 'none'],
  ['{"statusCode":200}', 'none'],
  ['{"batchItemFailures":null}', 'none'],
  ['{"batchItemFailures":[]}', 'none'],
  ['{"batchItemFailures":[{"itemIdentifier":"a"}]}', ['a']],
  ['{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"a"},{"itemIdentifier":"b"}]}', ['a', 'b']],
  ['{"batchItemFailures":[{"itemIdentifier":""}]}', 'all'],
  ['{"batchItemFailures":[{"itemIdentifier":null}]}', 'all'],
  ['{"batchItemFailures":[{"itemIdentifier":1}]}', 'all'],
  ['{"batchItemFailures":[{"id":"a"}]}', 'all'],
  ['{"batchItemFailures":["a"]}', 'all'],
  ['{"batchItemFailures":[null]}', 'all'],
  ['{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"unknown"}]}', 'all'],
  ['{"batchItemFailures":{"itemIdentifier":"a"}}', 'all'],
  ['{"batchItemFailures":"a"}', 'all'],
  ['{"batchItemFailures":', 'all'],
  ['"done"', 'all'],
  ['[]', 'all'],
];

for (const [answer, failed] of answers) {
  test(`the answer ${answer || 'with nothing in it'}`, () => {
    const result = reportedFailures(Buffer.from(answer), new Set(['a', 'b']));
    assert.deepEqual(typeof result === 'string' ? result : [...result], failed);
  });
}
