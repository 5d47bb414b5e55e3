import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import type { InvokeResult, StreamResult } from '../../invoke/door.ts';
import { awsError } from '../../model/expected-error.ts';
import { contextOf, create, createFixture } from '../fixture.ts';

async function answered(stream: StreamResult) {
  const fixture = createFixture();
  await create(fixture);
  await fixture.settle();
  fixture.next.stream = stream;
  const context = contextOf('InvokeWithResponseStream');
  const answer = await fixture.table.InvokeWithResponseStream.handle({ FunctionName: 'hello' }, context);
  const events: unknown[] = [];
  for await (const event of answer.EventStream ?? []) events.push(event);
  return { answer, events, fixture };
}

const streaming = (ended: InvokeResult): StreamResult => ({
  kind: 'streaming',
  contentType: 'text/plain',
  body: Readable.from([Buffer.from('a'), Buffer.from('b')]),
  ended: Promise.resolve(ended),
});
const piece = (text: string) => ({ PayloadChunk: { Payload: Buffer.from(text) } });
const end = (members: { ErrorCode?: string; ErrorDetails?: string; LogResult?: string }) => ({
  InvokeComplete: members,
});
const nothing = Buffer.alloc(0);
const error = Buffer.from('{"errorType":"E"}');

const cases: [name: string, result: StreamResult, events: unknown[]][] = [
  [
    'a streamed answer',
    streaming({ kind: 'success', payload: nothing, logTail: Buffer.from('END\n') }),
    [piece('a'), piece('b'), end({ LogResult: 'RU5ECg==' })],
  ],
  [
    'a handler that fails on the way',
    streaming({ kind: 'function-error', payload: error }),
    [piece('a'), piece('b'), end({ ErrorCode: 'Unhandled', ErrorDetails: '{"errorType":"E"}', LogResult: undefined })],
  ],
  [
    'a timeout before the first byte',
    { kind: 'function-error', payload: error, platformError: 'Sandbox.Timedout' },
    [end({ ErrorCode: 'Sandbox.Timedout', ErrorDetails: '{"errorType":"E"}', LogResult: undefined })],
  ],
  [
    'a function that does not stream',
    { kind: 'success', payload: Buffer.from('null') },
    [piece('null'), end({ LogResult: undefined })],
  ],
  [
    'an environment that is lost on the way',
    streaming({ kind: 'unavailable', message: 'stopping' }),
    [piece('a'), piece('b'), end({ ErrorCode: 'Runtime.TruncatedResponse', ErrorDetails: 'stopping' })],
  ],
];

for (const [name, result, events] of cases) {
  test(`InvokeWithResponseStream answers ${name}`, async () => {
    const seen = await answered(result);
    assert.deepEqual([seen.answer.StatusCode, seen.answer.ExecutedVersion], [200, '$LATEST']);
    assert.deepEqual(seen.events, events);
  });
}

test('InvokeWithResponseStream is an HTTP error where nothing can run', async () => {
  await assert.rejects(
    answered({ kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded' }),
    awsError(429, 'TooManyRequestsException', 'Rate Exceeded.'),
  );
  await assert.rejects(
    answered({ kind: 'unavailable', message: 'stopping' }),
    awsError(500, 'ServiceException', 'stopping'),
  );
});

test('InvokeWithResponseStream runs nothing on a dry run', async () => {
  const { fixture } = await answered({ kind: 'success', payload: nothing });
  const input = { FunctionName: 'hello', InvocationType: 'DryRun' } as const;
  const answer = await fixture.table.InvokeWithResponseStream.handle(input, contextOf('InvokeWithResponseStream'));
  assert.deepEqual(answer, { StatusCode: 204 });
  assert.equal(fixture.invocations.length, 1);
});
