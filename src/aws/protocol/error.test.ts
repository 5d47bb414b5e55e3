import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeCbor } from '../codec/cbor.ts';
import { AwsError } from '../errors.ts';
import type { Protocol } from '../model.ts';
import type { WireResponse } from '../wire.ts';
import { renderError } from './error.ts';

test('one error in every protocol', () => {
  const told = (service: string, protocol: Protocol, code: string) => {
    const error = new AwsError({ code, message: 'it "is" <not> there', status: 404 });
    return renderError({ service, protocol, error, requestId: 'id-1' });
  };
  const rest = told('lambda', 'restJson1', 'ResourceNotFoundException');
  assert.deepEqual(pairs(rest.headers).at(-1), ['x-amzn-errortype', 'ResourceNotFoundException']);
  assert.equal(text(rest), '{"Type":"User","Message":"it \\"is\\" <not> there"}');
  const json = told('dynamodb', 'awsJson1.0', 'ResourceNotFoundException');
  assert.equal(text(json), '{"__type":"ResourceNotFoundException","message":"it \\"is\\" <not> there"}');
  const query = told('sqs', 'awsQuery', 'QueueDoesNotExist');
  assert.match(
    text(query),
    /<Error><Type>Sender<\/Type><Code>AWS.SimpleQueueService.NonExistentQueue<\/Code><Message>it "is" &lt;not&gt; there<\/Message><\/Error><RequestId>id-1<\/RequestId>/,
  );
  const compatible = told('sqs', 'awsJson1.0', 'QueueDoesNotExist');
  assert.ok(compatible.headers.includes('AWS.SimpleQueueService.NonExistentQueue;Sender'));
  const xml = told('s3', 'restXml', 'NoSuchKey');
  assert.match(
    text(xml),
    /<Error><Code>NoSuchKey<\/Code><Message>it "is" &lt;not&gt; there<\/Message><RequestId>id-1<\/RequestId>/,
  );
  const cbor = told('cloudwatch', 'rpcv2Cbor', 'ResourceNotFound');
  assert.ok(cbor.headers.includes('rpc-v2-cbor') && cbor.body instanceof Uint8Array);
  assert.equal((decodeCbor(Buffer.from(cbor.body)) as Record<string, unknown>).__type, 'ResourceNotFound');
});

test('a throttle says when to come again in a header, and why in the body', () => {
  const members = { Reason: 'ConcurrentInvocationLimitExceeded', retryAfterSeconds: '1' };
  const error = new AwsError({ code: 'TooManyRequestsException', message: 'Rate Exceeded.', status: 429, members });
  const answer = renderError({ service: 'lambda', protocol: 'restJson1', error, requestId: 'id-1' });
  assert.deepEqual(pairs(answer.headers).at(-1), ['retry-after', '1']);
  assert.equal(text(answer), '{"Type":"User","message":"Rate Exceeded.","Reason":"ConcurrentInvocationLimitExceeded"}');
});

function pairs(flat: readonly string[]): [string, string][] {
  return flat.flatMap((name, place) => (place % 2 === 0 ? [[name, flat[place + 1] ?? ''] as [string, string]] : []));
}

function text({ body }: WireResponse): string {
  assert.ok(typeof body === 'string' || body instanceof Uint8Array);
  return Buffer.from(body).toString();
}
