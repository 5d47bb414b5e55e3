/** For tests: sees each number that is counted, one by one. */
import type { MetricName, MetricSink } from '../metrics.ts';

export interface MetricSample extends MetricName {
  readonly value: number;
  readonly at: number;
}

export function sinkTo(add: (sample: MetricSample) => void): MetricSink {
  return { series: (_scope, named) => ({ add: (value, at) => add({ ...named, value, at }) }) };
}
