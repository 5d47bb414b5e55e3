/** A mapping in AWS's shape. */
import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';
import type { Mapping } from './mapping.ts';
import { mappedFunctionArn, mappingArn } from './mapping.ts';

/** `lastResult` is what came of the last records. */
export function renderMapping(mapping: Mapping, lastResult: string | undefined): EventSourceMappingConfiguration {
  const { startingPositionMs, ...configuration } = mapping.configuration;
  return {
    ...configuration,
    UUID: mapping.uuid,
    EventSourceMappingArn: mappingArn(mapping),
    FunctionArn: mappedFunctionArn(mapping),
    StartingPositionTimestamp: startingPositionMs === undefined ? undefined : new Date(startingPositionMs),
    LastModified: new Date(mapping.lastModified),
    State: mapping.state,
    StateTransitionReason: mapping.hindrance ?? (isStream(mapping) ? 'User action' : 'USER_INITIATED'),
    LastProcessingResult: shownResult(mapping, lastResult),
  };
}

/** AWS says nothing of queues here; what is wrong with one is said all the same. */
function shownResult({ source }: Mapping, lastResult = 'No records processed'): string | undefined {
  return source === 'sqs' && !lastResult.startsWith('PROBLEM') ? undefined : lastResult;
}

function isStream({ source }: Mapping): boolean {
  return source === 'kinesis' || source === 'dynamodb';
}
