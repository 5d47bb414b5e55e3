import type { MetricDataQuery, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { type CloudwatchParts, invalidValue, positionOf, tokenOf } from '../parts.ts';
import { Queries } from '../queries.ts';
import { secondsOf } from '../statistics.ts';
import type { CloudwatchOperation } from './types.ts';

const queriesMax = 500;
const pointsMax = 100_800;

export function getMetricData({ metrics }: CloudwatchParts): CloudwatchOperation<'GetMetricData'> {
  return {
    handle({ MetricDataQueries = [], StartTime, EndTime, ScanBy, MaxDatapoints, NextToken }, context) {
      if (MetricDataQueries.length > queriesMax) {
        throw invalidValue(`The collection MetricDataQueries must not have a size greater than ${queriesMax}.`);
      }
      const span = { from: secondsOf(StartTime), to: secondsOf(EndTime) };
      if (span.from >= span.to) throw invalidValue('The parameter StartTime must be less than the parameter EndTime.');
      const queries = new Queries(metrics, context, span, MetricDataQueries);
      const wanted = MetricDataQueries.filter(({ ReturnData }) => ReturnData !== false);
      const results = wanted.map((query) => resultOf(query, queries, ScanBy === 'TimestampAscending'));
      return page(results, positionOf(NextToken), Math.min(MaxDatapoints ?? pointsMax, pointsMax));
    },
  };
}

function resultOf(query: MetricDataQuery, queries: Queries, ascending: boolean): MetricDataResult {
  const points = [...queries.series(query.Id ?? '')].sort(([a], [b]) => (ascending ? a - b : b - a));
  return {
    Id: query.Id,
    Label: query.Label ?? query.MetricStat?.Metric?.MetricName ?? query.Id,
    Timestamps: points.map(([time]) => new Date(time * 1000)),
    Values: points.map(([, value]) => value),
    StatusCode: 'Complete',
  };
}

/** Points are counted over all results, one result after the other. */
function page(results: readonly MetricDataResult[], from: number, limit: number) {
  let before = 0;
  const shown = results.map((result) => {
    const count = result.Values?.length ?? 0;
    const [start, end] = [Math.max(0, from - before), Math.max(0, from + limit - before)];
    before += count;
    const cut = { Timestamps: result.Timestamps?.slice(start, end), Values: result.Values?.slice(start, end) };
    return { ...result, ...cut, StatusCode: end < count ? ('PartialData' as const) : result.StatusCode };
  });
  return {
    MetricDataResults: shown,
    Messages: [],
    NextToken: from + limit < before ? tokenOf(from + limit) : undefined,
  };
}
