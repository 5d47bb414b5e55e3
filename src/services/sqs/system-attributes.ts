import type { MessageSystemAttributeName } from '@aws-sdk/client-sqs';
import type { ReceivedMessage } from './message.ts';

/** What SQS itself says of a message; what it does not have is absent. */
export function systemAttributes(message: ReceivedMessage): Record<string, string> {
  const all: Partial<Record<MessageSystemAttributeName, string>> = {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    SequenceNumber: message.sequenceNumber,
    MessageDeduplicationId: message.deduplicationId,
    MessageGroupId: message.groupId,
    AWSTraceHeader: message.traceHeader,
    DeadLetterQueueSourceArn: message.deadLetterSourceArn,
  };
  const there: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) if (value !== undefined) there[name] = value;
  return there;
}
