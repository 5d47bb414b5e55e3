/** What AWS counts of a mapping's records when it is asked to (reference: lambda-semantics 5.8). */
import type { MetricSink } from '../../invoke/metrics.ts';
import type { Mapping } from '../../model/mapping/mapping.ts';
import type { BatchOutcome } from './invoker.ts';

export type MappingMetric =
  | 'PolledEventCount'
  | 'FilteredOutEventCount'
  | 'InvokedEventCount'
  | 'FailedInvokeEventCount'
  | 'DeletedEventCount'
  | 'DroppedEventCount'
  | 'OnFailureDestinationDeliveredEventCount';

/** Called on the way of records: cheap, never throws. */
export type Count = (name: MappingMetric, records: number) => void;

export function counting(mapping: Mapping, metrics: MetricSink, now: () => number): Count {
  if (!mapping.configuration.MetricsConfig?.Metrics?.includes('EventCount')) return () => {};
  const dimensions = [{ Name: 'EventSourceMappingUUID', Value: mapping.uuid }];
  return (name, value) => {
    if (value > 0) metrics.series(mapping, { name, unit: 'Count', dimensions }).add(value, now());
  };
}

export function countInvoked(count: Count, outcome: BatchOutcome, records: number): void {
  if (outcome.kind === 'later') return;
  count('InvokedEventCount', records);
  count('FailedInvokeEventCount', outcome.kind === 'failed' ? records : outcome.failed.size);
}
