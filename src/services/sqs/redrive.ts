import type { QueueKey } from '../../store/sqs/queues.ts';
import { type AttributeMap, redriveAllowOf, redriveOf } from './attributes.ts';
import type { Queues } from './engine/queues.ts';
import { invalid } from './errors.ts';
import { parseQueueArn, queueArn } from './names.ts';

/** Dead letters go to a queue that is there, of the same kind, account and region, and that takes them. */
export function checkRedrive(queues: Queues, source: QueueKey, attributes: AttributeMap): void {
  const given = attributes.RedrivePolicy;
  const policy = redriveOf({ attributes });
  if (given === undefined || policy === undefined) return;
  const refuse = (reason: string) => invalid('RedrivePolicy', given, reason);
  const key = parseQueueArn(policy.deadLetterTargetArn);
  if (key === undefined || key.accountId !== source.accountId || key.region !== source.region) {
    throw refuse('Dead-letter queue must be owned by the same account and reside in the same region as the source.');
  }
  if (key.name === source.name) throw refuse('A queue cannot be its own dead-letter queue.');
  const target = queues.find(key);
  if (target === undefined) throw refuse('Dead letter target does not exist.');
  if (target.fifo !== (attributes.FifoQueue === 'true')) {
    throw refuse('Dead-letter queue must be same type of queue as the source.');
  }
  const { redrivePermission, sourceQueueArns } = redriveAllowOf(target.record);
  const allowed = redrivePermission === 'allowAll' || sourceQueueArns.includes(queueArn(source));
  if (!allowed) throw refuse('The dead-letter queue does not allow this queue as a source (RedriveAllowPolicy).');
}
