import { invalid, missing } from '../errors.ts';
import { queueArn } from '../names.ts';
import { queueAt, type SqsParts } from '../parts.ts';
import { policyOf, statementsOf, withStatements } from '../policy.ts';
import type { SqsOperation } from './types.ts';

export function removePermission(parts: SqsParts): SqsOperation<'RemovePermission'> {
  return {
    async handle({ QueueUrl, Label }, context) {
      const queue = queueAt(parts, context, QueueUrl);
      if (!Label) throw missing('Label');
      await parts.queues.change(queue, (record) => {
        const policy = policyOf(record.attributes.Policy, queueArn(record));
        const statements = statementsOf(policy);
        const kept = statements.filter(({ Sid }) => Sid !== Label);
        if (kept.length === statements.length) throw invalid('Label', Label, "can't find label on existing policy");
        return { ...record, attributes: withStatements(record.attributes, policy, kept) };
      });
      return {};
    },
  };
}
