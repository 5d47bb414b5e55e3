import type { Asked, ServiceRules } from '../../iam/rules.ts';

export const sqsRules: ServiceRules = {
  needs: (asked) => [{ action: `sqs:${actions[asked.operation] ?? asked.operation}`, resource: queueArn(asked) }],
};

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
