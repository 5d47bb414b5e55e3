import { invalidParameterValue, violation } from '../errors.ts';
import type { MappingConfiguration, SourceKind } from './mapping.ts';
import { isFifo } from './source-rules.ts';

const fifoBatchMax = 10;

/** Up to ten thousand records, which the model says; queues have rules of their own. */
export function checkBatching(source: SourceKind, configuration: MappingConfiguration): void {
  if (source !== 'sqs') return;
  const { BatchSize, MaximumBatchingWindowInSeconds: windowSeconds = 0, EventSourceArn } = configuration;
  if (isFifo(EventSourceArn)) {
    if (windowSeconds > 0) throw invalidParameterValue('Batching window is not supported for FIFO queues');
    if (BatchSize > fifoBatchMax) throw tooLarge(BatchSize);
  }
  if (BatchSize > 10 && windowSeconds === 0) {
    throw invalidParameterValue(
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    );
  }
}

function tooLarge(size: number): Error {
  return invalidParameterValue(
    violation(String(size), 'batchSize', `Member must have value less than or equal to ${fifoBatchMax}`),
  );
}
