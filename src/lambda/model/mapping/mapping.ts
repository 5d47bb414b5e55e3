/** What is kept of an event source mapping: one document, which outlives its function (reference: lambda-semantics 5.1). */
import type {
  CreateEventSourceMappingRequest,
  EventSourcePosition,
  UpdateEventSourceMappingRequest,
} from '@aws-sdk/client-lambda';
import { functionArn } from '../function.ts';
import type { NamedFunction } from '../names.ts';
import type { Place, ResourceKey } from '../resources.ts';
import type { Tags } from '../tags.ts';

/** What can be read; which of its two engines an Amazon MQ broker runs, its ARN does not say. */
export type SourceKind = 'sqs' | 'kinesis' | 'dynamodb' | 'msk' | 'self-managed-kafka' | 'mq' | 'documentdb';

export type MappingState = 'Creating' | 'Enabling' | 'Enabled' | 'Disabling' | 'Disabled' | 'Updating' | 'Deleting';

/** Under AWS's names, as it is shown; defaults filled in, and absent what the source does not have. */
export interface MappingConfiguration extends Changeable {
  readonly BatchSize: number;
  readonly EventSourceArn?: string;
  readonly SelfManagedEventSource?: CreateEventSourceMappingRequest['SelfManagedEventSource'];
  readonly StartingPosition?: EventSourcePosition;
  /** Milliseconds since the epoch. */
  readonly startingPositionMs?: number;
  readonly Topics?: string[];
  readonly Queues?: string[];
}

/** What UpdateEventSourceMapping may change, besides the function and whether it is enabled. */
export type Changeable = Readonly<Omit<UpdateEventSourceMappingRequest, 'UUID' | 'FunctionName' | 'Enabled'>>;

export interface Mapping extends Place {
  readonly uuid: string;
  readonly source: SourceKind;
  readonly functionName: string;
  /** As the mapping's function was named: a version, an alias, `$LATEST`, or absent. */
  readonly qualifier?: string;
  readonly configuration: MappingConfiguration;
  /** What should be: whether records are read once nothing is under way. */
  readonly enabled: boolean;
  readonly state: MappingState;
  /** What keeps the source from being read although the mapping is enabled. */
  readonly hindrance?: string;
  readonly tags: Tags;
  readonly revisionId: string;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
}

/** Holds the one place that a source and a function have for a mapping; its name says which. */
export interface MappingClaim {
  readonly uuid: string;
}

export function mappingKey({ accountId, region }: Place, uuid: string): ResourceKey {
  return { accountId, region, owner: '', name: uuid };
}

export function mappingArn({ accountId, region, uuid }: Pick<Mapping, 'accountId' | 'region' | 'uuid'>): string {
  return `arn:aws:lambda:${region}:${accountId}:event-source-mapping:${uuid}`;
}

export function mappedFunction({ accountId, region, functionName, qualifier }: Mapping): NamedFunction {
  return { key: { accountId, region, name: functionName }, qualifier };
}

export function mappedFunctionArn({ accountId, region, functionName, qualifier }: Mapping): string {
  return functionArn({ accountId, region, name: functionName }, qualifier);
}

/** A source is mapped to a function once: a Kafka topic of a cluster, a queue of a broker, each by itself. */
export function claimKey(mapping: Omit<Mapping, 'state' | 'revisionId'>): ResourceKey {
  const { accountId, region, functionName: owner, qualifier = '', configuration } = mapping;
  const { EventSourceArn, Topics, Queues, DocumentDBEventSourceConfig: documents } = configuration;
  const within = Topics ?? Queues ?? (documents && [documents.DatabaseName, documents.CollectionName]) ?? [];
  return {
    accountId,
    region,
    owner,
    name: JSON.stringify([qualifier, EventSourceArn ?? endpointsOf(mapping), within]),
  };
}

/** The brokers of self-managed Kafka, the same whatever order they are given in. */
export function endpointsOf({ configuration }: Pick<Mapping, 'configuration'>): string {
  const endpoints = configuration.SelfManagedEventSource?.Endpoints?.KAFKA_BOOTSTRAP_SERVERS ?? [];
  return [...endpoints].sort().join(',');
}
