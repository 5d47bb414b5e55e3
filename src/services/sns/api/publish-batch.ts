import type { BatchResultErrorEntry, PublishBatchRequestEntry } from '@aws-sdk/client-sns';
import { AwsError } from '../../../aws/errors.ts';
import { passedTrace } from '../../../aws/trace-header.ts';
import type { Topic } from '../../../store/sns/topics.ts';
import { batchTooLong, emptyBatch, idsNotDistinct, invalidEntryId, tooManyEntries } from '../errors.ts';
import { type CheckedMessage, checkedMessage, messageBytes, messageBytesMax } from '../message-input.ts';
import { type SnsParts, topicAt } from '../parts.ts';
import type { SnsOperation } from './types.ts';

const entriesMax = 10;

/** What is right of a batch is published, in one write; what is wrong is told for each entry. */
export function publishBatch(parts: SnsParts): SnsOperation<'PublishBatch'> {
  return {
    async handle({ TopicArn, PublishBatchRequestEntries: entries = [] }, context) {
      const topic = topicAt(parts, context, TopicArn);
      checkIds(entries);
      const read = entries.map((entry) => ({ id: entry.Id ?? '', message: attempted(topic, entry) }));
      const right = read.flatMap(({ id, message }) => (message instanceof AwsError ? [] : [{ id, message }]));
      const bytes = right.reduce((sum, { message }) => sum + messageBytes(message), 0);
      if (bytes > messageBytesMax) throw batchTooLong();
      const traceHeader = passedTrace(context.headers['x-amzn-trace-id']);
      const published = await parts.publishing.publish(
        topic,
        right.map(({ message }) => ({ ...message, traceHeader })),
      );
      return {
        Successful: right.map(({ id }, place) => ({
          Id: id,
          MessageId: published[place]?.messageId,
          SequenceNumber: published[place]?.sequenceNumber,
        })),
        Failed: read.flatMap(({ id, message }) => (message instanceof AwsError ? [failed(id, message)] : [])),
      };
    },
  };
}

function checkIds(entries: readonly PublishBatchRequestEntry[]): void {
  if (entries.length === 0) throw emptyBatch();
  if (entries.length > entriesMax) throw tooManyEntries();
  if (entries.some(({ Id = '' }) => !/^[A-Za-z0-9_-]{1,80}$/.test(Id))) throw invalidEntryId();
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) throw idsNotDistinct();
}

function attempted(topic: Topic, entry: PublishBatchRequestEntry): CheckedMessage | AwsError {
  try {
    return checkedMessage(topic, entry);
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

/** The query protocol's name of the error. */
function failed(id: string, { code, message }: AwsError): BatchResultErrorEntry {
  return { Id: id, Code: code.replace(/Exception$/, ''), Message: message, SenderFault: true };
}
