import { invalid, missing } from '../errors.ts';
import { queueArn } from '../names.ts';
import { queueAt, type SqsParts } from '../parts.ts';
import { checkActions, policyOf, statementsOf, withStatements } from '../policy.ts';
import type { SqsOperation } from './types.ts';

/** A statement of the queue's policy, named by its label. */
export function addPermission(parts: SqsParts): SqsOperation<'AddPermission'> {
  return {
    async handle({ QueueUrl, Label, AWSAccountIds, Actions }, context) {
      const queue = queueAt(parts, context, QueueUrl);
      if (!Label) throw missing('Label');
      if (!/^[A-Za-z0-9_-]{1,80}$/.test(Label))
        throw invalid('Label', Label, 'Only alphanumerics, hyphens and underscores.');
      if (!AWSAccountIds?.length) throw missing('PrincipalId');
      if (!Actions?.length) throw missing('ActionName');
      checkActions(Actions);
      await parts.queues.change(queue, (record) => {
        const arn = queueArn(record);
        const policy = policyOf(record.attributes.Policy, arn);
        const statements = statementsOf(policy);
        if (statements.some(({ Sid }) => Sid === Label)) throw invalid('Label', Label, 'Already exists.');
        const one = (list: string[]) => (list.length === 1 ? list[0] : list);
        const added = {
          Sid: Label,
          Effect: 'Allow',
          Principal: { AWS: one(AWSAccountIds.map((id) => `arn:aws:iam::${id}:root`)) },
          Action: one(Actions.map((action) => `SQS:${action}`)),
          Resource: arn,
        };
        return { ...record, attributes: withStatements(record.attributes, policy, [...statements, added]) };
      });
      return {};
    },
  };
}
