/**
 * A mapping's configuration from what a caller asks for: what belongs to its source, defaults, and merging (reference:
 * lambda-semantics 5.1). Single values were checked against AWS's model before; here is what depends on the source.
 */
import type { CreateEventSourceMappingRequest, UpdateEventSourceMappingRequest } from '@aws-sdk/client-lambda';
import { invalidParameterValue } from '../errors.ts';
import { checkAccess } from './access.ts';
import { checkBatching } from './batching.ts';
import { checkFailureHandling } from './failure-handling.ts';
import type { Changeable, MappingConfiguration, SourceKind } from './mapping.ts';
import { checkScaling } from './scaling.ts';
import { everySource, sourceOfArn, sourceRules } from './source-rules.ts';
import { checkStartingPosition } from './starting-position.ts';

/** Which kind of source a request means; throws AWS's error for none. */
export function sourceOf({ EventSourceArn, SelfManagedEventSource }: CreateEventSourceMappingRequest): SourceKind {
  if (SelfManagedEventSource !== undefined && EventSourceArn !== undefined) {
    throw invalidParameterValue('EventSourceArn and SelfManagedEventSource cannot be specified together.');
  }
  if (SelfManagedEventSource !== undefined) return 'self-managed-kafka';
  const source = EventSourceArn === undefined ? undefined : sourceOfArn(EventSourceArn);
  if (source === undefined) throw invalidParameterValue('Unrecognized event source.');
  return source;
}

export interface NewMapping {
  readonly input: CreateEventSourceMappingRequest;
  readonly source: SourceKind;
  readonly uuid: string;
  readonly now: number;
}

export function newMappingConfiguration({ input, source, uuid, now }: NewMapping): MappingConfiguration {
  const rules = sourceRules[source];
  refuseForeignMembers(source, input);
  for (const member of rules.required) if (input[member] === undefined) throw missing(member);
  checkSource(source, input);
  checkStartingPosition(source, input, now);
  const { EventSourceArn, SelfManagedEventSource, StartingPosition, StartingPositionTimestamp, Topics, Queues } = input;
  const defaults: MappingConfiguration = {
    BatchSize: rules.batchSizeDefault,
    MaximumBatchingWindowInSeconds: rules.windowSecondsDefault,
    EventSourceArn,
    SelfManagedEventSource,
    StartingPosition,
    startingPositionMs: StartingPositionTimestamp?.getTime(),
    Topics,
    Queues,
    ...defaultsOf(source, uuid),
  };
  return merged(source, defaults, input);
}

/** `before` with the members that `input` has; an empty structure clears what it may clear, as on AWS. */
export function changedMappingConfiguration(
  source: SourceKind,
  before: MappingConfiguration,
  input: UpdateEventSourceMappingRequest,
): MappingConfiguration {
  refuseForeignMembers(source, input);
  refuseChangedGroup(before, input);
  return merged(source, before, input);
}

/** Members that a source always shows, whether or not they were given. */
function defaultsOf(source: SourceKind, uuid: string): Partial<MappingConfiguration> {
  switch (source) {
    case 'sqs':
      return { FunctionResponseTypes: [] };
    case 'kinesis':
    case 'dynamodb':
      return {
        FunctionResponseTypes: [],
        ParallelizationFactor: 1,
        TumblingWindowInSeconds: 0,
        MaximumRecordAgeInSeconds: -1,
        MaximumRetryAttempts: -1,
        BisectBatchOnFunctionError: false,
        DestinationConfig: { OnFailure: {} },
      };
    case 'msk':
      return { AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: uuid } };
    case 'self-managed-kafka':
      return { SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: uuid } };
    case 'documentdb':
      return { DocumentDBEventSourceConfig: { FullDocument: 'Default' } };
    case 'mq':
      return {};
  }
}

function merged(source: SourceKind, before: MappingConfiguration, input: Changeable): MappingConfiguration {
  const next: MappingConfiguration = {
    ...before,
    BatchSize: input.BatchSize ?? before.BatchSize,
    MaximumBatchingWindowInSeconds: input.MaximumBatchingWindowInSeconds ?? before.MaximumBatchingWindowInSeconds,
    ParallelizationFactor: input.ParallelizationFactor ?? before.ParallelizationFactor,
    TumblingWindowInSeconds: input.TumblingWindowInSeconds ?? before.TumblingWindowInSeconds,
    MaximumRecordAgeInSeconds: input.MaximumRecordAgeInSeconds ?? before.MaximumRecordAgeInSeconds,
    MaximumRetryAttempts: input.MaximumRetryAttempts ?? before.MaximumRetryAttempts,
    BisectBatchOnFunctionError: input.BisectBatchOnFunctionError ?? before.BisectBatchOnFunctionError,
    FunctionResponseTypes: input.FunctionResponseTypes ?? before.FunctionResponseTypes,
    SourceAccessConfigurations: input.SourceAccessConfigurations ?? before.SourceAccessConfigurations,
    DestinationConfig: input.DestinationConfig ? shownDestination(input.DestinationConfig) : before.DestinationConfig,
    FilterCriteria: cleared(input.FilterCriteria ?? before.FilterCriteria, ({ Filters }) => Filters?.length),
    KMSKeyArn: (input.KMSKeyArn ?? before.KMSKeyArn) || undefined,
    MetricsConfig: cleared(input.MetricsConfig ?? before.MetricsConfig, ({ Metrics }) => Metrics?.length),
    LoggingConfig: input.LoggingConfig ?? before.LoggingConfig,
    ScalingConfig: cleared(input.ScalingConfig ?? before.ScalingConfig, (config) => config.MaximumConcurrency),
    ProvisionedPollerConfig: cleared(
      input.ProvisionedPollerConfig ?? before.ProvisionedPollerConfig,
      (config) => config.MinimumPollers ?? config.MaximumPollers ?? config.PollerGroupName,
    ),
    ...joined(before, input),
  };
  checkBatching(source, next);
  checkFailureHandling(source, next);
  checkScaling(source, next);
  checkAccess(source, next.SourceAccessConfigurations ?? []);
  return next;
}

/** Structures of which a caller may give a part. */
function joined(before: MappingConfiguration, input: Changeable): Partial<MappingConfiguration> {
  const join = <T extends object>(old: T | undefined, now: T | undefined) => now && { ...old, ...now };
  const managed = join(before.AmazonManagedKafkaEventSourceConfig, input.AmazonManagedKafkaEventSourceConfig);
  const own = join(before.SelfManagedKafkaEventSourceConfig, input.SelfManagedKafkaEventSourceConfig);
  const documents = join(before.DocumentDBEventSourceConfig, input.DocumentDBEventSourceConfig);
  return {
    ...(managed && { AmazonManagedKafkaEventSourceConfig: managed }),
    ...(own && { SelfManagedKafkaEventSourceConfig: own }),
    ...(documents && { DocumentDBEventSourceConfig: documents }),
  };
}

/** Nothing instead of a structure that says nothing. */
function cleared<T extends object>(value: T | undefined, said: (value: T) => unknown): T | undefined {
  return value !== undefined && said(value) ? value : undefined;
}

function shownDestination({ OnSuccess, OnFailure }: NonNullable<MappingConfiguration['DestinationConfig']>) {
  const destination = OnFailure?.Destination;
  return { ...(OnSuccess && { OnSuccess }), OnFailure: destination ? { Destination: destination } : {} };
}

function refuseForeignMembers(source: SourceKind, input: object): void {
  const { members, label } = sourceRules[source];
  const known: readonly string[] = [...everySource, ...members, 'UUID'];
  const given = Object.entries(input).filter(([, value]) => value !== undefined);
  const foreign = given.map(([member]) => member).find((member) => !known.includes(member));
  if (foreign === undefined) return;
  if (foreign === 'StartingPosition' && source === 'sqs') {
    throw invalidParameterValue('StartingPosition is not valid for SQS event sources.');
  }
  if (foreign === 'DestinationConfig') {
    throw invalidParameterValue('Unsupported DestinationConfig parameter for given event source mapping type.');
  }
  throw invalidParameterValue(`Unsupported ${foreign} parameter for given event source mapping type: ${label}.`);
}

function checkSource(source: SourceKind, { SelfManagedEventSource, DocumentDBEventSourceConfig }: Input): void {
  if (source === 'self-managed-kafka' && !SelfManagedEventSource?.Endpoints?.KAFKA_BOOTSTRAP_SERVERS?.length) {
    throw missing('SelfManagedEventSource.Endpoints.KAFKA_BOOTSTRAP_SERVERS');
  }
  if (source === 'documentdb' && DocumentDBEventSourceConfig?.DatabaseName === undefined) {
    throw missing('DocumentDBEventSourceConfig.DatabaseName');
  }
}

type Input = CreateEventSourceMappingRequest;

function missing(member: string): Error {
  const path = member.split('.').map((name) => name.charAt(0).toLowerCase() + name.slice(1));
  return invalidParameterValue(`Required '${path.join('.')}' parameter is missing.`);
}

function refuseChangedGroup(before: MappingConfiguration, input: UpdateEventSourceMappingRequest): void {
  const pairs = [
    [before.AmazonManagedKafkaEventSourceConfig, input.AmazonManagedKafkaEventSourceConfig],
    [before.SelfManagedKafkaEventSourceConfig, input.SelfManagedKafkaEventSourceConfig],
  ] as const;
  for (const [old, now] of pairs) {
    if (now?.ConsumerGroupId !== undefined && now.ConsumerGroupId !== old?.ConsumerGroupId) {
      throw invalidParameterValue('ConsumerGroupId cannot be changed once the event source mapping is created.');
    }
  }
}
