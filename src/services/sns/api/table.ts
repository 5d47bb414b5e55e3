/** Every operation of SNS, a row each. */
import type { SnsTypes } from '../../../aws/models/sns.types.ts';
import type { OperationTable } from '../../../aws/operation.ts';
import type { SnsParts } from '../parts.ts';
import { addPermission } from './add-permission.ts';
import { confirmSubscription } from './confirm-subscription.ts';
import { createTopic } from './create-topic.ts';
import { deleteTopic } from './delete-topic.ts';
import { getSubscriptionAttributes } from './get-subscription-attributes.ts';
import { getTopicAttributes } from './get-topic-attributes.ts';
import { listSubscriptions } from './list-subscriptions.ts';
import { listSubscriptionsByTopic } from './list-subscriptions-by-topic.ts';
import { listTagsForResource } from './list-tags-for-resource.ts';
import { listTopics } from './list-topics.ts';
import { publish } from './publish.ts';
import { publishBatch } from './publish-batch.ts';
import { removePermission } from './remove-permission.ts';
import { setSubscriptionAttributes } from './set-subscription-attributes.ts';
import { setTopicAttributes } from './set-topic-attributes.ts';
import { subscribe } from './subscribe.ts';
import { tagResource } from './tag-resource.ts';
import { unsubscribe } from './unsubscribe.ts';
import { unsupportedOperations } from './unsupported.ts';
import { untagResource } from './untag-resource.ts';

export function createSnsTable(parts: SnsParts) {
  return {
    ...unsupportedOperations,
    AddPermission: addPermission(parts),
    ConfirmSubscription: confirmSubscription(parts),
    CreateTopic: createTopic(parts),
    DeleteTopic: deleteTopic(parts),
    GetSubscriptionAttributes: getSubscriptionAttributes(parts),
    GetTopicAttributes: getTopicAttributes(parts),
    ListSubscriptions: listSubscriptions(parts),
    ListSubscriptionsByTopic: listSubscriptionsByTopic(parts),
    ListTagsForResource: listTagsForResource(parts),
    ListTopics: listTopics(parts),
    Publish: publish(parts),
    PublishBatch: publishBatch(parts),
    RemovePermission: removePermission(parts),
    SetSubscriptionAttributes: setSubscriptionAttributes(parts),
    SetTopicAttributes: setTopicAttributes(parts),
    Subscribe: subscribe(parts),
    TagResource: tagResource(parts),
    Unsubscribe: unsubscribe(parts),
    UntagResource: untagResource(parts),
  } satisfies OperationTable<SnsTypes>;
}
