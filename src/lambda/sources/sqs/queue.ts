import type { Clock } from '../../../base/clock.ts';
import type { HoldingSource } from '../source.ts';
import type { Reader, SqsCalls } from './calls.ts';
import { type QueueIdentity, type QueueRecord, queueRecord } from './record.ts';

/** What SQS takes in one call, of messages as of receipt handles. */
const batchMax = 10;
const removeAttemptsMax = 3;
const removeRetryMs = 500;
const attributesFreshMs = 60_000;
const holdMsDefault = 30_000;

export interface QueueParts {
  readonly calls: SqsCalls;
  readonly clock: Clock;
}

/** One queue. Messages stay in it, unseen by others for its visibility timeout, until they are deleted. */
export class Queue implements HoldingSource<QueueRecord> {
  readonly envelope = { before: '{"Records":[', after: ']}' };
  readonly receiveMax = batchMax;
  readonly ordered: boolean;
  readonly #parts: QueueParts;
  readonly #identity: QueueIdentity;
  readonly #accountId: string;
  readonly #reader: () => Reader;
  readonly #name: string;
  #url: string | undefined;
  #holdMs = holdMsDefault;
  #attributesAt = Number.NEGATIVE_INFINITY;

  constructor(arn: string, reader: () => Reader, parts: QueueParts) {
    this.#parts = parts;
    const [, , , region = '', accountId = '', name = ''] = arn.split(':');
    this.#identity = { arn, region };
    this.#accountId = accountId;
    this.#reader = reader;
    this.#name = name;
    this.ordered = name.endsWith('.fifo');
  }

  holdMs(): number {
    return this.#holdMs;
  }

  async receive(recordsMax: number, waitMs: number, signal: AbortSignal): Promise<QueueRecord[]> {
    const { clock, calls } = this.#parts;
    if (clock.monotonic() - this.#attributesAt > attributesFreshMs) await this.visibilityTimeoutSeconds(signal);
    const input = {
      QueueUrl: await this.#queueUrl(signal),
      MaxNumberOfMessages: Math.min(batchMax, recordsMax),
      WaitTimeSeconds: Math.floor(waitMs / 1000),
      AttributeNames: ['All' as const],
      MessageAttributeNames: ['All'],
    };
    const { Messages = [] } = await calls.call({ ...this.#whose(), operation: 'ReceiveMessage', input, signal });
    return Messages.map((message) => queueRecord(message, this.#identity));
  }

  /** Also tells whether the queue is there. */
  async visibilityTimeoutSeconds(signal?: AbortSignal): Promise<number> {
    const { clock, calls } = this.#parts;
    const QueueUrl = await this.#queueUrl(signal);
    const input = { QueueUrl, AttributeNames: ['VisibilityTimeout' as const] };
    const { Attributes } = await calls.call({ ...this.#whose(), operation: 'GetQueueAttributes', input, signal });
    const seconds = Number(Attributes?.VisibilityTimeout ?? holdMsDefault / 1000);
    this.#holdMs = seconds * 1000;
    this.#attributesAt = clock.monotonic();
    return seconds;
  }

  async remove(records: readonly QueueRecord[]): Promise<void> {
    for (const some of batches(records)) await this.#removeAll(some);
  }

  async giveBack(records: readonly QueueRecord[]): Promise<void> {
    const QueueUrl = await this.#queueUrl();
    for (const some of batches(records)) {
      const Entries = entriesOf(some).map((entry) => ({ ...entry, VisibilityTimeout: 0 }));
      const input = { QueueUrl, Entries };
      await this.#parts.calls.call({ ...this.#whose(), operation: 'ChangeMessageVisibilityBatch', input });
    }
  }

  /** What a function took comes again when it is not deleted, so that this is tried more than once. */
  async #removeAll(records: readonly QueueRecord[]): Promise<void> {
    let left = entriesOf(records);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const input = { QueueUrl: await this.#queueUrl(), Entries: left };
        const { Failed = [] } = await this.#parts.calls.call({
          ...this.#whose(),
          operation: 'DeleteMessageBatch',
          input,
        });
        left = left.filter(({ Id }) => Failed.some((failure) => failure.Id === Id && !failure.SenderFault));
        if (left.length === 0) return;
        if (attempt >= removeAttemptsMax) throw new Error(`${left.length} messages could not be deleted`);
      } catch (error) {
        if (attempt >= removeAttemptsMax) throw error;
      }
      await this.#parts.clock.sleep(removeRetryMs * attempt);
    }
  }

  #whose(): { reader: Reader; queueArn: string } {
    return { reader: this.#reader(), queueArn: this.#identity.arn };
  }

  async #queueUrl(signal?: AbortSignal): Promise<string> {
    if (this.#url !== undefined) return this.#url;
    const input = { QueueName: this.#name, QueueOwnerAWSAccountId: this.#accountId };
    const { QueueUrl } = await this.#parts.calls.call({ ...this.#whose(), operation: 'GetQueueUrl', input, signal });
    if (QueueUrl === undefined) throw new Error('SQS gave no URL of the queue');
    this.#url = QueueUrl;
    return QueueUrl;
  }
}

function entriesOf(records: readonly QueueRecord[]) {
  return records.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
}

function batches<T>(all: readonly T[]): T[][] {
  const groups: T[][] = [];
  for (let from = 0; from < all.length; from += batchMax) groups.push(all.slice(from, from + batchMax));
  return groups;
}
