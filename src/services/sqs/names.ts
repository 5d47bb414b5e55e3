import type { QueueKey } from '../../store/sqs/queues.ts';
import { invalidAddress, missing } from './errors.ts';

export function queueArn({ accountId, region, name }: QueueKey): string {
  return `arn:aws:sqs:${region}:${accountId}:${name}`;
}

export function parseQueueArn(arn: string): QueueKey | undefined {
  const match = /^arn:aws[a-z-]*:sqs:([a-z0-9-]+):([0-9]{12}):([A-Za-z0-9_-]{1,80}(?:\.fifo)?)$/.exec(arn);
  if (match === null) return undefined;
  const [, region = '', accountId = '', name = ''] = match;
  return { region, accountId, name };
}

/** Under the address that the caller uses, so that it works for that caller. */
export function queueUrl(endpoint: string, { accountId, name }: QueueKey): string {
  return `${endpoint}/${accountId}/${name}`;
}

/** The account and name that a queue URL ends in; which host it names does not matter. */
export function parseQueueUrl(url: string | undefined): { accountId: string; name: string } {
  if (url === undefined || url === '') throw missing('QueueUrl');
  const match = /^(?:https?:\/\/[^/?#]+)?(?:\/[^?#]*)?\/([0-9]{12})\/([^/?#]+)\/?$/.exec(url);
  if (match === null) throw invalidAddress(url);
  const [, accountId = '', name = ''] = match;
  return { accountId, name };
}

/** Up to 80 characters, `.fifo` included. */
export function isQueueName(name: string): boolean {
  return name.length <= 80 && /^[A-Za-z0-9_-]+(\.fifo)?$/.test(name);
}
