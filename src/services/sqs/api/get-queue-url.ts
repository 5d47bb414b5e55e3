import { accessDenied, noSuchQueue } from '../errors.ts';
import { queueUrl } from '../names.ts';
import type { SqsParts } from '../parts.ts';
import type { SqsOperation } from './types.ts';

export function getQueueUrl({ queues }: SqsParts): SqsOperation<'GetQueueUrl'> {
  return {
    handle({ QueueName: name = '', QueueOwnerAWSAccountId: accountId }, context) {
      const key = { accountId: accountId ?? context.accountId, region: context.region, name };
      const url = queueUrl(context.endpoint, key);
      if (key.accountId !== context.accountId) throw accessDenied(url);
      if (queues.find(key) === undefined) throw noSuchQueue();
      return { QueueUrl: url };
    },
  };
}
