import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withAttributes } from './attributes.ts';

const arn = 'arn:aws:sqs:us-east-1:000000000000:dead';
const redrive = (more: object) => JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 3, ...more });

/** Name, value, and the code of the error; undefined where it may be set. */
const cases: readonly (readonly [name: string, value: string, code?: string, fifo?: true])[] = [
  ['DelaySeconds', '0'],
  ['DelaySeconds', '900'],
  ['DelaySeconds', '901', 'InvalidAttributeValue'],
  ['DelaySeconds', '-1', 'InvalidAttributeValue'],
  ['DelaySeconds', '1.5', 'InvalidAttributeValue'],
  ['DelaySeconds', '', 'InvalidAttributeValue'],
  ['MaximumMessageSize', '1024'],
  ['MaximumMessageSize', '1048576'],
  ['MaximumMessageSize', '1023', 'InvalidAttributeValue'],
  ['MaximumMessageSize', '1048577', 'InvalidAttributeValue'],
  ['MessageRetentionPeriod', '59', 'InvalidAttributeValue'],
  ['MessageRetentionPeriod', '1209600'],
  ['ReceiveMessageWaitTimeSeconds', '21', 'InvalidAttributeValue'],
  ['VisibilityTimeout', '43200'],
  ['VisibilityTimeout', '43201', 'InvalidAttributeValue'],
  ['Policy', '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"SQS:*","Resource":"*"}]}'],
  ['Policy', '{"Version":"2012-10-17"}', 'InvalidAttributeValue'],
  ['Policy', ''],
  ['Policy', '[]', 'InvalidAttributeValue'],
  ['Policy', 'no', 'InvalidAttributeValue'],
  ['RedrivePolicy', redrive({})],
  ['RedrivePolicy', redrive({ maxReceiveCount: '1000' })],
  ['RedrivePolicy', redrive({ maxReceiveCount: 1001 }), 'InvalidAttributeValue'],
  ['RedrivePolicy', redrive({ maxReceiveCount: 0 }), 'InvalidAttributeValue'],
  ['RedrivePolicy', redrive({ deadLetterTargetArn: 'dead' }), 'InvalidAttributeValue'],
  ['RedriveAllowPolicy', '{"redrivePermission":"denyAll"}'],
  ['RedriveAllowPolicy', `{"redrivePermission":"byQueue","sourceQueueArns":["${arn}"]}`],
  ['RedriveAllowPolicy', '{"redrivePermission":"byQueue"}', 'InvalidAttributeValue'],
  ['RedriveAllowPolicy', `{"redrivePermission":"allowAll","sourceQueueArns":["${arn}"]}`, 'InvalidAttributeValue'],
  ['KmsDataKeyReusePeriodSeconds', '59', 'InvalidAttributeValue'],
  ['SqsManagedSseEnabled', 'yes', 'InvalidAttributeValue'],
  ['QueueArn', arn, 'InvalidAttributeName'],
  ['toString', '1', 'InvalidAttributeName'],
  ['ContentBasedDeduplication', 'true', 'InvalidAttributeName'],
  ['ContentBasedDeduplication', 'true', undefined, true],
  ['DeduplicationScope', 'messageGroup', undefined, true],
  ['DeduplicationScope', 'group', 'InvalidAttributeValue', true],
  ['FifoThroughputLimit', 'perMessageGroupId', 'InvalidAttributeValue', true],
];

test('what an attribute may be', () => {
  for (const [name, value, code, fifo = false] of cases) {
    const set = () => withAttributes({}, { [name]: value }, fifo);
    if (code === undefined) assert.doesNotThrow(set, `${name} ${value}`);
    else assert.throws(set, { code }, `${name} ${value}`);
  }
});

test('an empty policy takes it away, and a FIFO queue stays one', () => {
  assert.deepEqual(withAttributes({ Policy: '{}', DelaySeconds: '1' }, { Policy: '' }, false), { DelaySeconds: '1' });
  assert.throws(() => withAttributes({ FifoQueue: 'true' }, { FifoQueue: 'false' }, true), {
    code: 'InvalidAttributeName',
  });
});
