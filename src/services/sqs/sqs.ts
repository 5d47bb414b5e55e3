/** SQS put together. */
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { Log } from '../../observe/log.ts';
import type { SqliteMessages } from '../../store/sqs/messages.ts';
import type { SqliteQueues } from '../../store/sqs/queues.ts';
import { Moving } from './engine/moving.ts';
import { Queues } from './engine/queues.ts';
import { Receiving } from './engine/receiving.ts';
import { Sending } from './engine/sending.ts';
import { Settling } from './engine/settling.ts';
import { Sweeper } from './engine/sweeper.ts';
import type { SqsParts } from './parts.ts';
import { Receipts } from './receipt.ts';

export interface SqsOptions {
  readonly records: SqliteQueues;
  readonly messages: SqliteMessages;
  readonly serverSecret: Buffer;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface Sqs extends SqsParts {
  /** Begins what goes on in the background. */
  start(): void;
  stop(): Promise<void>;
}

export function createSqs({ records, messages, serverSecret, clock, random, log }: SqsOptions): Sqs {
  const receipts = new Receipts(serverSecret);
  const queues = new Queues({ records, messages, clock });
  const sending = new Sending({ messages, clock, random });
  const queueByArn = (arn: string) => queues.byArn(arn);
  const moving = new Moving({ queues, records, messages, clock, random, log });
  const sweeper = new Sweeper({ queues, messages, sending, clock, log });
  return {
    queues,
    sending,
    receiving: new Receiving({ messages, receipts, clock, queueByArn }),
    settling: new Settling({ messages, receipts, clock }),
    moving,
    clock,
    start() {
      moving.start();
      sweeper.start();
    },
    async stop() {
      for (const queue of queues.all()) queue.end();
      await Promise.all([moving.stop(), sweeper.stop()]);
    },
  };
}
