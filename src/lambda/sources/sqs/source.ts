/** Amazon SQS, standard and FIFO queues. */
import { AwsError } from '../../../aws/errors.ts';
import { invalidParameterValue } from '../../model/errors.ts';
import type { Mapping } from '../../model/mapping/mapping.ts';
import type { HoldingKind } from '../source.ts';
import type { Reader } from './calls.ts';
import { Queue, type QueueParts } from './queue.ts';

export interface SqsSourceParts extends QueueParts {
  /** Of the mapping's function, as it is now. */
  roleOf(mapping: Mapping): string;
}

export function sqsSource(parts: SqsSourceParts): HoldingKind {
  return {
    open: (mapping) => queueOf(mapping, parts),
    async check(mapping, functionTimeoutSeconds) {
      const denied = parts.calls.denied?.(readerOf(mapping, parts), queueArnOf(mapping));
      if (denied !== undefined) throw invalidParameterValue(denied);
      const seconds = await queueOf(mapping, parts)
        .visibilityTimeoutSeconds()
        .catch((error: unknown) => {
          throw unreachable(error);
        });
      if (seconds >= functionTimeoutSeconds) return;
      throw invalidParameterValue(
        `Queue visibility timeout: ${seconds} seconds is less than Function timeout: ${functionTimeoutSeconds} seconds`,
      );
    },
  };
}

function queueOf(mapping: Mapping, parts: SqsSourceParts): Queue {
  return new Queue(queueArnOf(mapping), () => readerOf(mapping, parts), parts);
}

function queueArnOf({ configuration }: Mapping): string {
  return configuration.EventSourceArn ?? '';
}

function readerOf(mapping: Mapping, { roleOf }: SqsSourceParts): Reader {
  return { accountId: mapping.accountId, roleArn: roleOf(mapping) };
}

/** The code as older clients of SQS know it. */
const olderCodes: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
};

function unreachable(error: unknown): Error {
  if (!(error instanceof AwsError)) {
    return invalidParameterValue(`Error occurred while ReceiveMessage. The queue cannot be reached: ${String(error)}`);
  }
  const code = olderCodes[error.code] ?? error.code;
  return invalidParameterValue(
    `Error occurred while ReceiveMessage. SQS Error Code: ${code}. SQS Error Message: ${error.message}`,
  );
}
