import type { Asked, ServiceRules } from '../../iam/rules.ts';
import type { Queues } from './engine/queues.ts';
import { parseQueueArn } from './names.ts';

/** A queue of another account is asked for as that account's, and its policy may let the caller in. */
export function sqsRules(queues: Pick<Queues, 'byArn'>): ServiceRules {
  return {
    needs: (asked) => [{ action: `sqs:${actions[asked.operation] ?? asked.operation}`, resource: queueArn(asked) }],
    owner: (asked) => parseQueueArn(queueArn(asked))?.accountId,
    policies(resource) {
      const policy = queues.byArn(resource)?.record.attributes.Policy;
      return policy === undefined ? [] : [policy];
    },
  };
}

/** Leave for one message is leave for ten of them. */
const actions: Readonly<Record<string, string>> = {
  SendMessageBatch: 'SendMessage',
  DeleteMessageBatch: 'DeleteMessage',
  ChangeMessageVisibilityBatch: 'ChangeMessageVisibility',
};

function queueArn({ input, region, accountId }: Asked): string {
  const { QueueUrl, QueueName, QueueOwnerAWSAccountId, SourceArn } = input;
  if (typeof SourceArn === 'string') return SourceArn;
  // `http://host/111122223333/name`
  const [, owner, name] = /\/(\d{12})\/([^/?#]+)\/?$/.exec(String(QueueUrl)) ?? [];
  const named = name ?? (typeof QueueName === 'string' ? QueueName : undefined);
  if (named === undefined) return '*';
  const theirs = owner ?? (typeof QueueOwnerAWSAccountId === 'string' ? QueueOwnerAWSAccountId : accountId);
  return `arn:aws:sqs:${region}:${theirs}:${named}`;
}
