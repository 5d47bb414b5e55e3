import { withoutPermission } from '../../../iam/permissions.ts';
import { type SnsParts, topicAt } from '../parts.ts';
import type { SnsOperation } from './types.ts';

/** A label that was never there is also removed. */
export function removePermission(parts: SnsParts): SnsOperation<'RemovePermission'> {
  return {
    async handle({ TopicArn, Label = '' }, context) {
      const topic = topicAt(parts, context, TopicArn);
      const { Policy, ...others } = topic.attributes;
      const left = withoutPermission(Policy, Label);
      if (left === undefined) return {};
      const attributes = left.policy === undefined ? others : { ...others, Policy: left.policy };
      await parts.store.putTopic({ ...topic, attributes });
      return {};
    },
  };
}
