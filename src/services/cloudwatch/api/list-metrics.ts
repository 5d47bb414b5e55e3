import type { Dimension, DimensionFilter } from '@aws-sdk/client-cloudwatch';
import type { MetricName } from '../../../store/metrics/metric-store.ts';
import { type CloudwatchParts, positionOf, tokenOf } from '../parts.ts';
import type { CloudwatchOperation } from './types.ts';

const pageMax = 500;
const recentSeconds = 3 * 3600;
const listedSeconds = 14 * 86_400;

/** Metrics with values in the last two weeks, as CloudWatch lists them. */
export function listMetrics({ metrics, clock }: CloudwatchParts): CloudwatchOperation<'ListMetrics'> {
  return {
    handle({ Namespace: namespace, MetricName: name, Dimensions = [], NextToken, RecentlyActive }, context) {
      const age = RecentlyActive === undefined ? listedSeconds : recentSeconds;
      const asked = { namespace, name, newerThan: Math.floor(clock.now() / 1000) - age };
      const found: MetricName[] = [];
      let position = positionOf(NextToken);
      for (;;) {
        const batch = metrics.list(context, asked, position, pageMax);
        for (const metric of batch) {
          if (found.length === pageMax) return answer(found, tokenOf(position));
          position = metric.position;
          if (matches(metric.dimensions, Dimensions)) found.push(metric);
        }
        if (batch.length < pageMax) return answer(found);
      }
    },
  };
}

function matches(dimensions: readonly Dimension[], filters: readonly DimensionFilter[]): boolean {
  return filters.every(({ Name, Value }) =>
    dimensions.some((each) => each.Name === Name && (Value === undefined || each.Value === Value)),
  );
}

function answer(found: readonly MetricName[], NextToken?: string) {
  const Metrics = found.map(({ namespace, name, dimensions }) => {
    return { Namespace: namespace, MetricName: name, Dimensions: [...dimensions] };
  });
  return { Metrics, NextToken };
}
