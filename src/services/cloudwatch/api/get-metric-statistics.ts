import type { Datapoint, GetMetricStatisticsInput, StandardUnit } from '@aws-sdk/client-cloudwatch';
import type { Aggregate } from '../../../store/metrics/aggregate.ts';
import { type CloudwatchParts, invalidCombination, invalidValue, missingParameter } from '../parts.ts';
import { nameOf } from '../queries.ts';
import { aggregatesByUnit, checkedPeriod, type Statistic, secondsOf, statisticOf } from '../statistics.ts';
import type { CloudwatchOperation } from './types.ts';

const pointsMax = 1440;

export function getMetricStatistics({ metrics }: CloudwatchParts): CloudwatchOperation<'GetMetricStatistics'> {
  return {
    handle(input, context) {
      const periodSeconds = checkedPeriod(input.Period);
      const span = { from: secondsOf(input.StartTime), to: secondsOf(input.EndTime) };
      checkSpan(span, periodSeconds);
      const wanted = wantedOf(input);
      const asked = { ...nameOf(input), ...span, unit: input.Unit, periodSeconds };
      const Datapoints = aggregatesByUnit(metrics, context, asked).flatMap(({ unit, periods }) =>
        [...periods].map(([time, aggregate]) => ({ ...pointOf(time, aggregate, wanted), Unit: unitOf(unit) })),
      );
      return { Label: input.MetricName, Datapoints };
    },
  };
}

function checkSpan({ from, to }: { from: number; to: number }, periodSeconds: number): void {
  if (from >= to) throw invalidValue('The parameter StartTime must be less than the parameter EndTime.');
  const points = Math.ceil((to - from) / periodSeconds);
  if (points <= pointsMax) return;
  throw invalidCombination(
    `You have requested up to ${points} datapoints, which exceeds the limit of ${pointsMax}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
  );
}

interface Wanted {
  readonly plain: readonly (readonly [name: string, statistic: Statistic])[];
  readonly extended: readonly (readonly [name: string, statistic: Statistic])[];
}

function wantedOf({ Statistics = [], ExtendedStatistics = [] }: GetMetricStatisticsInput): Wanted {
  if (Statistics.length + ExtendedStatistics.length === 0) {
    throw missingParameter('Must specify either Statistics or ExtendedStatistics');
  }
  const named = (name: string) => [name, statisticOf(name)] as const;
  return { plain: Statistics.map(named), extended: ExtendedStatistics.map(named) };
}

const unitOf = (unit: string) => unit as StandardUnit; // checked when the values came

function pointOf(time: number, aggregate: Aggregate, { plain, extended }: Wanted): Datapoint {
  const values = (of: Wanted['plain']) =>
    Object.fromEntries(
      of.flatMap(([name, statistic]) => {
        const value = statistic(aggregate);
        return value === undefined ? [] : [[name, value]];
      }),
    );
  const more = extended.length > 0 ? { ExtendedStatistics: values(extended) } : {};
  return { Timestamp: new Date(time * 1000), ...values(plain), ...more };
}
