import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateEventSourceMappingRequest as Request } from '@aws-sdk/client-lambda';
import { awsError } from '../expected-error.ts';
import { changedMappingConfiguration, newMappingConfiguration, sourceOf } from './configuration.ts';
import type { MappingConfiguration, SourceKind } from './mapping.ts';

const now = Date.UTC(2026, 10, 24);
const at = (service: string, resource: string) => `arn:aws:${service}:us-east-1:000000000000:${resource}`;
const basic = [
  { Type: 'BASIC_AUTH', URI: at('secretsmanager', 'secret:s-AbCdEf') },
] satisfies Request['SourceAccessConfigurations'];

/** The least that creates one. */
const least: Record<SourceKind | 'fifo', Partial<Request>> = {
  sqs: { EventSourceArn: at('sqs', 'q') },
  fifo: { EventSourceArn: at('sqs', 'q.fifo') },
  kinesis: { EventSourceArn: at('kinesis', 'stream/s'), StartingPosition: 'LATEST' },
  dynamodb: { EventSourceArn: at('dynamodb', 'table/t/stream/2026-01-01T00:00:00.000'), StartingPosition: 'LATEST' },
  msk: { EventSourceArn: at('kafka', 'cluster/c/1-2'), StartingPosition: 'LATEST', Topics: ['t'] },
  'self-managed-kafka': {
    SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['kafka:9092'] } },
    SourceAccessConfigurations: basic,
    StartingPosition: 'TRIM_HORIZON',
    Topics: ['t'],
  },
  mq: { EventSourceArn: at('mq', 'broker:b:b-1'), Queues: ['q'], SourceAccessConfigurations: basic },
  documentdb: {
    EventSourceArn: at('rds', 'cluster:c'),
    StartingPosition: 'LATEST',
    SourceAccessConfigurations: basic,
    DocumentDBEventSourceConfig: { DatabaseName: 'd' },
  },
};

function made(kind: keyof typeof least, more: Partial<Request> = {}): MappingConfiguration {
  const input: Request = { FunctionName: 'f', ...least[kind], ...more };
  return newMappingConfiguration({ input, source: sourceOf(input), uuid: 'U', now });
}

/** What a configuration says, without what was given. */
function shown(configuration: MappingConfiguration): string {
  const { EventSourceArn, SelfManagedEventSource, SourceAccessConfigurations, ...rest } = configuration;
  return JSON.stringify(rest).replaceAll('"', '');
}

const defaults: Record<keyof typeof least, string> = {
  sqs: '{BatchSize:10,MaximumBatchingWindowInSeconds:0,FunctionResponseTypes:[]}',
  fifo: '{BatchSize:10,MaximumBatchingWindowInSeconds:0,FunctionResponseTypes:[]}',
  kinesis:
    '{BatchSize:100,MaximumBatchingWindowInSeconds:0,StartingPosition:LATEST,FunctionResponseTypes:[],' +
    'ParallelizationFactor:1,TumblingWindowInSeconds:0,MaximumRecordAgeInSeconds:-1,MaximumRetryAttempts:-1,' +
    'BisectBatchOnFunctionError:false,DestinationConfig:{OnFailure:{}}}',
  dynamodb:
    '{BatchSize:100,MaximumBatchingWindowInSeconds:0,StartingPosition:LATEST,FunctionResponseTypes:[],' +
    'ParallelizationFactor:1,TumblingWindowInSeconds:0,MaximumRecordAgeInSeconds:-1,MaximumRetryAttempts:-1,' +
    'BisectBatchOnFunctionError:false,DestinationConfig:{OnFailure:{}}}',
  msk: '{BatchSize:100,StartingPosition:LATEST,Topics:[t],AmazonManagedKafkaEventSourceConfig:{ConsumerGroupId:U}}',
  'self-managed-kafka':
    '{BatchSize:100,StartingPosition:TRIM_HORIZON,Topics:[t],SelfManagedKafkaEventSourceConfig:{ConsumerGroupId:U}}',
  mq: '{BatchSize:100,Queues:[q]}',
  documentdb:
    '{BatchSize:100,StartingPosition:LATEST,DocumentDBEventSourceConfig:{FullDocument:Default,DatabaseName:d}}',
};

for (const kind of Object.keys(least) as (keyof typeof least)[]) {
  test(`what ${kind} has when nothing else is said`, () => {
    assert.equal(shown(made(kind)), defaults[kind]);
  });
}

const onFailure = (Destination: string) => ({ DestinationConfig: { OnFailure: { Destination } } });
const unsupported = (member: string) =>
  new RegExp(`^Unsupported ${member} parameter for given event source mapping type`);

/** source · what is asked besides · what AWS says of it */
const refusals: readonly (readonly [keyof typeof least, Partial<Request>, string | RegExp])[] = [
  ['sqs', { EventSourceArn: undefined }, 'Unrecognized event source.'],
  ['sqs', { EventSourceArn: at('s3', 'bucket') }, 'Unrecognized event source.'],
  ['sqs', { EventSourceArn: at('kinesis', 'q') }, 'Unrecognized event source.'],
  ['sqs', { EventSourceArn: at('dynamodb', 'table/t') }, 'Unrecognized event source.'],
  ['self-managed-kafka', { EventSourceArn: at('sqs', 'q') }, /cannot be specified together/],
  ['sqs', { StartingPosition: 'LATEST' }, 'StartingPosition is not valid for SQS event sources.'],
  ['sqs', { MaximumRetryAttempts: 1 }, unsupported('MaximumRetryAttempts')],
  ['sqs', { BisectBatchOnFunctionError: true }, unsupported('BisectBatchOnFunctionError')],
  ['sqs', onFailure(at('sqs', 'd')), 'Unsupported DestinationConfig parameter for given event source mapping type.'],
  ['sqs', { Topics: ['t'] }, unsupported('Topics')],
  ['sqs', { BatchSize: 11 }, /^Maximum batch window in seconds must be greater than 0 if maximum batch size/],
  ['fifo', { BatchSize: 11 }, /Value '11' at 'batchSize'.*less than or equal to 10$/],
  ['fifo', { MaximumBatchingWindowInSeconds: 1 }, 'Batching window is not supported for FIFO queues'],
  ['sqs', { ProvisionedPollerConfig: { MinimumPollers: 1 } }, /takes from 2 to 10000 pollers: 1$/],
  ['sqs', { ProvisionedPollerConfig: { MinimumPollers: 9, MaximumPollers: 8 } }, /must not be greater/],
  ['sqs', { ProvisionedPollerConfig: { MinimumPollers: 2, PollerGroupName: 'g' } }, /PollerGroupName/],
  [
    'sqs',
    { ProvisionedPollerConfig: { MinimumPollers: 2 }, ScalingConfig: { MaximumConcurrency: 2 } },
    /cannot be specified together/,
  ],
  ['sqs', { MetricsConfig: { Metrics: ['KafkaMetrics'] } }, /KafkaMetrics/],
  ['sqs', { LoggingConfig: { SystemLogLevel: 'DEBUG' } }, unsupported('LoggingConfig')],
  ['kinesis', { StartingPosition: undefined }, /^1 validation error detected: Value null at 'startingPosition'/],
  ['kinesis', { StartingPosition: 'AT_TIMESTAMP' }, /StartingPositionTimestamp/],
  ['kinesis', { StartingPositionTimestamp: new Date(0) }, /StartingPositionTimestamp/],
  ['kinesis', { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: new Date(now + 1) }, /future/],
  ['kinesis', { MaximumRecordAgeInSeconds: 59 }, /from 60 to 604800: 59/],
  ['kinesis', { ScalingConfig: { MaximumConcurrency: 2 } }, unsupported('ScalingConfig')],
  [
    'kinesis',
    onFailure(at('lambda', 'function:g')),
    /^The provided destination config DestinationConfig\(onSuccess=null/,
  ],
  ['kinesis', onFailure(at('sqs', 'd.fifo')), /is invalid\.$/],
  ['kinesis', onFailure('kafka://t'), /is invalid\.$/],
  ['kinesis', { DestinationConfig: { OnSuccess: { Destination: at('sqs', 'd') } } }, /^Unsupported DestinationConfig/],
  [
    'dynamodb',
    { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: new Date(0) },
    /^Unsupported starting position for arn type: arn:aws:dynamodb/,
  ],
  ['msk', { Topics: undefined }, "Required 'topics' parameter is missing."],
  ['msk', { SelfManagedKafkaEventSourceConfig: {} }, unsupported('SelfManagedKafkaEventSourceConfig')],
  ['msk', { TumblingWindowInSeconds: 1 }, unsupported('TumblingWindowInSeconds')],
  [
    'self-managed-kafka',
    { SourceAccessConfigurations: undefined },
    "Required 'sourceAccessConfigurations' parameter is missing.",
  ],
  ['self-managed-kafka', { SourceAccessConfigurations: [{ Type: 'VIRTUAL_HOST', URI: '/' }] }, /VIRTUAL_HOST$/],
  ['self-managed-kafka', { SourceAccessConfigurations: [{ Type: 'BASIC_AUTH' }] }, /needs a Type and a URI/],
  [
    'self-managed-kafka',
    { SelfManagedKafkaEventSourceConfig: { ConsumptionMode: 'Queue' } },
    'StartingPosition is not supported when ConsumptionMode is Queue.',
  ],
  ['mq', { Queues: undefined }, "Required 'queues' parameter is missing."],
  ['mq', { SourceAccessConfigurations: [{ Type: 'VIRTUAL_HOST', URI: '/' }] }, /need one of type BASIC_AUTH/],
  ['mq', { StartingPosition: 'LATEST' }, unsupported('StartingPosition')],
  [
    'documentdb',
    { DocumentDBEventSourceConfig: {} },
    "Required 'documentDBEventSourceConfig.databaseName' parameter is missing.",
  ],
  ['documentdb', { FunctionResponseTypes: ['ReportBatchItemFailures'] }, unsupported('FunctionResponseTypes')],
];

for (const [kind, more, message] of refusals) {
  test(`${kind} refuses ${JSON.stringify(more)}`, () => {
    assert.throws(() => made(kind, more), awsError(400, 'InvalidParameterValueException', message));
  });
}

test('an update keeps what it does not name, and clears what it names empty', () => {
  const before = made('sqs', {
    BatchSize: 5,
    ScalingConfig: { MaximumConcurrency: 7 },
    FilterCriteria: { Filters: [{ Pattern: '{"body":["a"]}' }] },
    KMSKeyArn: at('kms', 'key/1'),
    MetricsConfig: { Metrics: ['EventCount'] },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  });
  const same = changedMappingConfiguration('sqs', before, { UUID: 'U', Enabled: false });
  assert.deepEqual(same, before);
  const empty = { FilterCriteria: {}, ScalingConfig: {}, KMSKeyArn: '', MetricsConfig: { Metrics: [] } };
  const after = changedMappingConfiguration('sqs', before, { UUID: 'U', ...empty, FunctionResponseTypes: [] });
  assert.equal(shown(after), '{BatchSize:5,MaximumBatchingWindowInSeconds:0,FunctionResponseTypes:[]}');
});

test('an update is checked as a whole, and cannot change the consumer group', () => {
  const queue = made('sqs', { BatchSize: 100, MaximumBatchingWindowInSeconds: 1 });
  assert.throws(
    () => changedMappingConfiguration('sqs', queue, { UUID: 'U', MaximumBatchingWindowInSeconds: 0 }),
    awsError(400, 'InvalidParameterValueException', /^Maximum batch window/),
  );
  const input = { UUID: 'U', AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'other' } };
  assert.throws(
    () => changedMappingConfiguration('msk', made('msk'), input),
    awsError(400, 'InvalidParameterValueException', /ConsumerGroupId cannot be changed/),
  );
});
