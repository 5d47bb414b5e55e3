/** Which source takes which members and values, as one table (reference: lambda-semantics 5.1). */
import type { CreateEventSourceMappingRequest, EventSourcePosition, SourceAccessType } from '@aws-sdk/client-lambda';
import type { SourceKind } from './mapping.ts';

type Member = keyof CreateEventSourceMappingRequest;

export interface SourceRules {
  /** As a person calls it. */
  readonly label: string;
  /** Besides those that every source has (`everySource`). */
  readonly members: readonly Member[];
  /** Without which nothing can be created. */
  readonly required: readonly Member[];
  readonly batchSizeDefault: number;
  /** Absent where AWS's default of half a second cannot be said in seconds. */
  readonly windowSecondsDefault?: number;
  readonly startingPositions: readonly EventSourcePosition[];
  readonly accessTypes: readonly SourceAccessType[];
  readonly pollersMin: number;
  readonly pollersMax: number;
}

/** Members that belong to the mapping, whatever its source. */
export const everySource: readonly Member[] = [
  'EventSourceArn',
  'FunctionName',
  'Enabled',
  'BatchSize',
  'FilterCriteria',
  'KMSKeyArn',
  'MaximumBatchingWindowInSeconds',
  'Tags',
];

const failureMembers = [
  'DestinationConfig',
  'MaximumRecordAgeInSeconds',
  'BisectBatchOnFunctionError',
  'MaximumRetryAttempts',
  'FunctionResponseTypes',
  'StartingPosition',
  'StartingPositionTimestamp',
  'MetricsConfig',
] as const satisfies Member[];

const streamMembers = [
  ...failureMembers,
  'ParallelizationFactor',
  'TumblingWindowInSeconds',
] as const satisfies Member[];

const kafkaMembers = [
  ...failureMembers,
  'Topics',
  'SourceAccessConfigurations',
  'ProvisionedPollerConfig',
  'LoggingConfig',
] as const satisfies Member[];

const none = { startingPositions: [], accessTypes: [], required: [], pollersMin: 0, pollersMax: 0 } as const;
const network = ['VPC_SUBNET', 'VPC_SECURITY_GROUP'] as const;
const anyPosition = ['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP'] as const;
const kafkaAccess = [
  'SASL_SCRAM_512_AUTH',
  'CLIENT_CERTIFICATE_TLS_AUTH',
  'SERVER_ROOT_CA_CERTIFICATE',
  'IAM_AUTH',
  'IAM_OAUTHBEARER_AUTH',
] as const;
const oauth = [
  'OAUTHBEARER_AUTH',
  'OAUTHBEARER_AUDIENCE',
  'OAUTHBEARER_IDENTITY_POOL',
  'OAUTHBEARER_LOGICAL_CLUSTER',
  'OAUTHBEARER_SCOPE',
] as const;
const kafkaPollers = { pollersMin: 1, pollersMax: 2000 } as const;

export const sourceRules: Readonly<Record<SourceKind, SourceRules>> = {
  sqs: {
    ...none,
    label: 'Amazon SQS',
    members: ['FunctionResponseTypes', 'ScalingConfig', 'ProvisionedPollerConfig', 'MetricsConfig'],
    batchSizeDefault: 10,
    windowSecondsDefault: 0,
    pollersMin: 2,
    pollersMax: 10_000,
  },
  kinesis: {
    ...none,
    label: 'Amazon Kinesis',
    members: streamMembers,
    batchSizeDefault: 100,
    windowSecondsDefault: 0,
    startingPositions: anyPosition,
  },
  dynamodb: {
    ...none,
    label: 'Amazon DynamoDB Streams',
    members: streamMembers,
    batchSizeDefault: 100,
    windowSecondsDefault: 0,
    startingPositions: ['TRIM_HORIZON', 'LATEST'],
  },
  msk: {
    ...none,
    ...kafkaPollers,
    label: 'Amazon MSK',
    members: [...kafkaMembers, 'AmazonManagedKafkaEventSourceConfig'],
    required: ['Topics'],
    batchSizeDefault: 100,
    startingPositions: anyPosition,
    accessTypes: kafkaAccess,
  },
  'self-managed-kafka': {
    ...none,
    ...kafkaPollers,
    label: 'self-managed Apache Kafka',
    members: [...kafkaMembers, 'SelfManagedEventSource', 'SelfManagedKafkaEventSourceConfig'],
    required: ['Topics', 'SourceAccessConfigurations'],
    batchSizeDefault: 100,
    startingPositions: anyPosition,
    accessTypes: [...kafkaAccess, ...oauth, ...network, 'BASIC_AUTH', 'SASL_SCRAM_256_AUTH'],
  },
  mq: {
    ...none,
    label: 'Amazon MQ',
    members: ['Queues', 'SourceAccessConfigurations'],
    required: ['Queues', 'SourceAccessConfigurations'],
    batchSizeDefault: 100,
    accessTypes: ['BASIC_AUTH', 'VIRTUAL_HOST'],
  },
  documentdb: {
    ...none,
    label: 'Amazon DocumentDB',
    members: [
      'StartingPosition',
      'StartingPositionTimestamp',
      'SourceAccessConfigurations',
      'DocumentDBEventSourceConfig',
    ],
    required: ['DocumentDBEventSourceConfig', 'SourceAccessConfigurations'],
    batchSizeDefault: 100,
    startingPositions: anyPosition,
    accessTypes: ['BASIC_AUTH'],
  },
};

const arns: readonly (readonly [RegExp, SourceKind])[] = [
  [/^sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}(\.fifo)?$/, 'sqs'],
  [/^kinesis:[a-z0-9-]+:\d{12}:stream\/[\w.-]{1,128}(\/consumer\/[\w.-]+:\d+)?$/, 'kinesis'],
  [/^dynamodb:[a-z0-9-]+:\d{12}:table\/[\w.-]{1,255}\/stream\/[\w.:-]+$/, 'dynamodb'],
  [/^kafka:[a-z0-9-]+:\d{12}:cluster\/[^/]+\/[\w-]+$/, 'msk'],
  [/^mq:[a-z0-9-]+:\d{12}:broker:[^:]+:b-[\w-]+$/, 'mq'],
  [/^rds:[a-z0-9-]+:\d{12}:cluster:[\w-]+$/, 'documentdb'],
];

/** Undefined for an ARN of nothing that Lambda reads. */
export function sourceOfArn(arn: string): SourceKind | undefined {
  const rest = arn.replace(/^arn:aws[a-zA-Z0-9-]*:/, '');
  return arns.find(([pattern]) => pattern.test(rest))?.[1];
}

export function isFifo(arn: string | undefined): boolean {
  return arn?.endsWith('.fifo') === true;
}
