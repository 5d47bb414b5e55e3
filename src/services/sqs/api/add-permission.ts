import { accountsPrincipal, withPermission } from '../../../iam/permissions.ts';
import { invalid, missing } from '../errors.ts';
import { queueArn } from '../names.ts';
import { queueAt, type SqsParts } from '../parts.ts';
import { checkActions } from '../policy.ts';
import type { SqsOperation } from './types.ts';

/** A statement of the queue's policy, named by its label. */
export function addPermission(parts: SqsParts): SqsOperation<'AddPermission'> {
  return {
    async handle({ QueueUrl, Label, AWSAccountIds, Actions }, context) {
      const queue = queueAt(parts, context, QueueUrl);
      if (!Label) throw missing('Label');
      if (!/^[A-Za-z0-9_-]{1,80}$/.test(Label)) {
        throw invalid('Label', Label, 'Only alphanumerics, hyphens and underscores.');
      }
      if (!AWSAccountIds?.length) throw missing('PrincipalId');
      if (!Actions?.length) throw missing('ActionName');
      checkActions(Actions);
      const actions = Actions.map((action) => `SQS:${action}`);
      const Action = actions.length === 1 ? `${actions[0]}` : actions;
      await parts.queues.change(queue, (record) => {
        const Resource = queueArn(record);
        const permission = { Sid: Label, Principal: accountsPrincipal(AWSAccountIds), Action, Resource };
        const Policy = withPermission(record.attributes.Policy, `${Resource}/SQSDefaultPolicy`, permission);
        if (Policy === undefined) throw invalid('Label', Label, 'Already exists.');
        return { ...record, attributes: { ...record.attributes, Policy } };
      });
      return {};
    },
  };
}
