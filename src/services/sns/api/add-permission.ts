import { accountsPrincipal, withPermission } from '../../../iam/permissions.ts';
import { invalidParameter } from '../errors.ts';
import { type SnsParts, topicAt } from '../parts.ts';
import type { SnsOperation } from './types.ts';

const permittable = new Set([
  ...['Publish', 'Subscribe', 'GetTopicAttributes', 'SetTopicAttributes', 'AddPermission', 'RemovePermission'],
  ...['DeleteTopic', 'ListSubscriptionsByTopic'],
]);

/** A statement of the topic's policy, named by its label. */
export function addPermission(parts: SnsParts): SnsOperation<'AddPermission'> {
  return {
    async handle({ TopicArn, Label: Sid = '', AWSAccountId = [], ActionName = [] }, context) {
      const topic = topicAt(parts, context, TopicArn);
      if (Sid === '' || AWSAccountId.length === 0 || ActionName.length === 0) throw invalidParameter('Label');
      if (AWSAccountId.some((id) => !/^\d{12}$/.test(id))) throw invalidParameter('AWSAccountId');
      const wrong = ActionName.find((action) => !permittable.has(action));
      if (wrong !== undefined) throw invalidParameter('Policy statement action out of service scope!');
      const Action = ActionName.map((action) => `SNS:${action}`);
      const permission = { Sid, Principal: accountsPrincipal(AWSAccountId), Action, Resource: topic.arn };
      const Policy = withPermission(topic.attributes.Policy, '__default_policy_ID', permission);
      if (Policy === undefined) throw invalidParameter('Statement already exists');
      await parts.store.putTopic({ ...topic, attributes: { ...topic.attributes, Policy } });
      return {};
    },
  };
}
