import { withoutPermission } from '../../../iam/permissions.ts';
import { invalid, missing } from '../errors.ts';
import { queueAt, type SqsParts } from '../parts.ts';
import type { SqsOperation } from './types.ts';

export function removePermission(parts: SqsParts): SqsOperation<'RemovePermission'> {
  return {
    async handle({ QueueUrl, Label }, context) {
      const queue = queueAt(parts, context, QueueUrl);
      if (!Label) throw missing('Label');
      await parts.queues.change(queue, (record) => {
        const { Policy, ...others } = record.attributes;
        const left = withoutPermission(Policy, Label);
        if (left === undefined) throw invalid('Label', Label, "can't find label on existing policy");
        return { ...record, attributes: left.policy === undefined ? others : { ...others, Policy: left.policy } };
      });
      return {};
    },
  };
}
