import type { CreateEventSourceMappingRequest } from '@aws-sdk/client-lambda';
import { invalidParameterValue } from '../errors.ts';
import type { SourceKind } from './mapping.ts';
import { sourceRules } from './source-rules.ts';

/** Where a stream is read from at first: required where there is a choice, and given once and for all. */
export function checkStartingPosition(source: SourceKind, input: CreateEventSourceMappingRequest, now: number): void {
  const allowed = sourceRules[source].startingPositions;
  if (allowed.length === 0) return;
  const { StartingPosition: position, StartingPositionTimestamp: timestamp } = input;
  if (readsAsQueue(input)) return checkQueueMode(input);
  if (position === undefined) {
    throw invalidParameterValue(
      "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
    );
  }
  if (!allowed.includes(position)) {
    throw invalidParameterValue(`Unsupported starting position for arn type: ${input.EventSourceArn}`);
  }
  if ((position === 'AT_TIMESTAMP') !== (timestamp !== undefined)) {
    throw invalidParameterValue('StartingPositionTimestamp is required for AT_TIMESTAMP, and taken for nothing else.');
  }
  if (timestamp !== undefined && timestamp.getTime() > now) {
    throw invalidParameterValue('StartingPositionTimestamp cannot be in the future.');
  }
}

/** A share group of Kafka has no position, and hands records out as they come. */
function readsAsQueue({ SelfManagedKafkaEventSourceConfig }: CreateEventSourceMappingRequest): boolean {
  return SelfManagedKafkaEventSourceConfig?.ConsumptionMode === 'Queue';
}

function checkQueueMode(input: CreateEventSourceMappingRequest): void {
  const members = ['StartingPosition', 'StartingPositionTimestamp', 'MaximumBatchingWindowInSeconds'] as const;
  const given = members.find((member) => input[member] !== undefined);
  if (given !== undefined) {
    throw invalidParameterValue(`${given} is not supported when ConsumptionMode is Queue.`);
  }
}
