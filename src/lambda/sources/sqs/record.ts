/** A message as it stands in the event (reference: lambda-semantics 5.2). */
import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { SourceRecord } from '../source.ts';

export interface QueueRecord extends SourceRecord {
  readonly receiptHandle: string;
}

export interface QueueIdentity {
  readonly arn: string;
  readonly region: string;
}

export function queueRecord(message: Message, { arn, region }: QueueIdentity): QueueRecord {
  const record = {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: message.Attributes ?? {},
    messageAttributes: attributesOf(message.MessageAttributes ?? {}),
    md5OfBody: message.MD5OfBody,
    md5OfMessageAttributes: message.MD5OfMessageAttributes,
    eventSource: 'aws:sqs',
    eventSourceARN: arn,
    awsRegion: region,
  };
  const { messageId: id, receiptHandle } = record;
  const traceHeader = message.Attributes?.AWSTraceHeader;
  return { id, receiptHandle, json: JSON.stringify(record), filterable: record, traceHeader };
}

function attributesOf(attributes: Record<string, MessageAttributeValue>): Record<string, object> {
  const shown = Object.entries(attributes).map(([name, { StringValue, BinaryValue, DataType }]) => [
    name,
    {
      stringValue: StringValue,
      binaryValue: BinaryValue && Buffer.from(BinaryValue).toString('base64'),
      stringListValues: [],
      binaryListValues: [],
      dataType: DataType,
    },
  ]);
  return Object.fromEntries(shown);
}
