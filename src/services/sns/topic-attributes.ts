/** A topic's attributes: which may be set, and to what. */
import { isPolicy } from '../../iam/service-grant.ts';
import type { Topic } from '../../store/sns/topics.ts';
import { invalidParameter } from './errors.ts';
import { healthyRetry } from './retry.ts';

type AttributeMap = Readonly<Record<string, string>>;

interface Rule {
  readonly fifo?: true;
  /** May only be given when a topic is made. */
  readonly atCreation?: true;
  fits(value: string): boolean;
}

const anything = { fits: () => true };
const role = { fits: (value: string) => value === '' || /^arn:aws[a-z-]*:iam::\d{12}:role\/.+/.test(value) };
const percentage = { fits: (value: string) => /^\d{1,3}$/.test(value) && Number(value) <= 100 };
const boolean = (value: string) => value === 'true' || value === 'false';

const rules: Readonly<Record<string, Rule>> = {
  Policy: { fits: (value) => value === '' || isPolicy(value) },
  DisplayName: { fits: (value) => value.length <= 100 },
  DeliveryPolicy: {
    fits: (value) => value === '' || healthyRetry(value, ['http', 'defaultHealthyRetryPolicy']) !== undefined,
  },
  KmsMasterKeyId: anything,
  SignatureVersion: { fits: (value) => value === '1' || value === '2' },
  TracingConfig: { fits: (value) => value === 'PassThrough' || value === 'Active' },
  FifoTopic: { fifo: true, atCreation: true, fits: boolean },
  ContentBasedDeduplication: { fifo: true, fits: boolean },
  FifoThroughputScope: { fifo: true, fits: (value) => value === 'Topic' || value === 'MessageGroup' },
  ...Object.fromEntries(
    ['HTTP', 'Firehose', 'Lambda', 'Application', 'SQS'].flatMap((kind) => [
      [`${kind}SuccessFeedbackRoleArn`, role],
      [`${kind}FailureFeedbackRoleArn`, role],
      [`${kind}SuccessFeedbackSampleRate`, percentage],
    ]),
  ),
};

/** Throws AWS's error for what cannot be set. An empty value takes an attribute away. */
export function withTopicAttributes(before: AttributeMap, given: AttributeMap, fifo: boolean): AttributeMap {
  const after: Record<string, string> = { ...before };
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined || (rule.fifo && !fifo)) throw invalidParameter('AttributeName');
    if (rule.atCreation && before[name] !== undefined && before[name] !== value)
      throw invalidParameter('AttributeName');
    if (!rule.fits(value)) throw invalidParameter(`Attributes Reason: ${name}: ${value} is not a valid value`);
    if (value === '') delete after[name];
    else after[name] = value;
  }
  return after;
}

export function isFifo({ attributes }: Topic): boolean {
  return attributes.FifoTopic === 'true';
}

const effectiveDefault = {
  http: {
    defaultHealthyRetryPolicy: {
      minDelayTarget: 20,
      maxDelayTarget: 20,
      numRetries: 3,
      numMaxDelayRetries: 0,
      numNoDelayRetries: 0,
      numMinDelayRetries: 0,
      backoffFunction: 'linear',
    },
    disableSubscriptionOverrides: false,
  },
};

/** What is shown of a topic, besides counts. */
export function shownTopicAttributes(topic: Topic): AttributeMap {
  const fifo: AttributeMap = isFifo(topic) ? { ContentBasedDeduplication: 'false', FifoThroughputScope: 'Topic' } : {};
  return {
    TopicArn: topic.arn,
    Owner: topic.accountId,
    DisplayName: '',
    Policy: JSON.stringify(defaultPolicy(topic)),
    EffectiveDeliveryPolicy: topic.attributes.DeliveryPolicy ?? JSON.stringify(effectiveDefault),
    ...fifo,
    ...topic.attributes,
  };
}

const ownerActions = [
  ...['SNS:GetTopicAttributes', 'SNS:SetTopicAttributes', 'SNS:AddPermission', 'SNS:RemovePermission'],
  ...['SNS:DeleteTopic', 'SNS:Subscribe', 'SNS:ListSubscriptionsByTopic', 'SNS:Publish'],
];

/** Of the statement that lets a topic's own account in. */
export const ownStatementId = '__default_statement_ID';

/** A topic without a policy of its own is for its own account. */
function defaultPolicy({ arn, accountId }: Topic) {
  return {
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: ownStatementId,
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ownerActions,
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': accountId } },
      },
    ],
  };
}
