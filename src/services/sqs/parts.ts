import type { RequestContext } from '../../aws/operation.ts';
import type { Clock } from '../../base/clock.ts';
import type { Moving } from './engine/moving.ts';
import type { Queue } from './engine/queue.ts';
import type { Queues } from './engine/queues.ts';
import type { Receiving } from './engine/receiving.ts';
import type { Sending } from './engine/sending.ts';
import type { Settling } from './engine/settling.ts';
import { accessDenied, noSuchQueue } from './errors.ts';
import { parseQueueUrl } from './names.ts';

/** What the operations of SQS are made of. */
export interface SqsParts {
  readonly queues: Queues;
  readonly sending: Sending;
  readonly receiving: Receiving;
  readonly settling: Settling;
  readonly moving: Moving;
  readonly clock: Clock;
}

/** The queue that a request's URL names, in the region that the request was signed for. */
export function queueAt({ queues }: Pick<SqsParts, 'queues'>, context: RequestContext, url: string | undefined): Queue {
  const { accountId, name } = parseQueueUrl(url);
  if (accountId !== context.accountId) throw accessDenied(url ?? '');
  const queue = queues.find({ accountId, region: context.region, name });
  if (queue === undefined) throw noSuchQueue();
  return queue;
}
