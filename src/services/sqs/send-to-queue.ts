/** The way of other services to a queue: a message in the name of an account, checked like any other. */
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { AwsError } from '../../aws/errors.ts';
import { messageOf } from './message-input.ts';
import type { SqsParts } from './parts.ts';

export interface QueueMessage {
  readonly payload: Buffer;
  readonly attributes?: Readonly<Record<string, { readonly type: string; readonly value: string }>>;
  readonly traceHeader?: string;
  readonly accountId: string;
}

/** On the disk when it resolves, or refused for good; rejects when it cannot be written now. */
export async function sendToQueue(
  { queues, sending }: Pick<SqsParts, 'queues' | 'sending'>,
  arn: string,
  { payload, attributes = {}, traceHeader, accountId }: QueueMessage,
): Promise<'delivered' | { readonly refused: string }> {
  const queue = queues.byArn(arn);
  if (queue === undefined) return { refused: `There is no queue ${arn}` };
  const input = {
    MessageBody: payload.toString(),
    MessageAttributes: Object.fromEntries(Object.entries(attributes).map(([name, one]) => [name, attributeValue(one)])),
    MessageSystemAttributes: traceHeader === undefined ? undefined : { AWSTraceHeader: text(traceHeader) },
  };
  try {
    await sending.send(queue, [messageOf(queue, input, accountId)]);
    return 'delivered';
  } catch (error) {
    if (error instanceof AwsError && error.status < 500) return { refused: error.message };
    throw error;
  }
}

function attributeValue({ type, value }: { type: string; value: string }): MessageAttributeValue {
  return { DataType: type, StringValue: value };
}

function text(value: string): MessageAttributeValue {
  return attributeValue({ type: 'String', value });
}
