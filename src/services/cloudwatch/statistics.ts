/** Series of a statistic by period, from the points that are kept. */
import { type Aggregate, emptyAggregate, merge, percentile } from '../../store/metrics/aggregate.ts';
import type { MetricName, MetricPlace, MetricStore, Point } from '../../store/metrics/metric-store.ts';
import { invalidValue } from './parts.ts';

/** Values by the start of their period, in seconds since the epoch. */
export type Series = ReadonlyMap<number, number>;

export type Statistic = (aggregate: Aggregate) => number | undefined;

const simple: Readonly<Record<string, Statistic>> = {
  SampleCount: ({ count }) => count,
  Average: ({ sum, count }) => sum / count,
  Sum: ({ sum }) => sum,
  Minimum: ({ min }) => min,
  Maximum: ({ max }) => max,
};

/** Throws for one that is not there: trimmed means, percentile ranks and the like. */
export function statisticOf(name: string): Statistic {
  const found = Object.hasOwn(simple, name) ? simple[name] : undefined;
  if (found !== undefined) return found;
  const percent = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(name)?.[1];
  if (percent !== undefined) return (aggregate) => percentile(aggregate, Number(percent));
  throw invalidValue(`The statistic ${name} is not one of SampleCount, Average, Sum, Minimum, Maximum and p0 to p100`);
}

export interface SpanAsked extends MetricName {
  readonly unit?: string;
  /** Seconds since the epoch; `to` is exclusive. */
  readonly from: number;
  readonly to: number;
  readonly periodSeconds: number;
}

/** One aggregate for each period that has values. */
export function aggregates(metrics: MetricStore, place: MetricPlace, asked: SpanAsked): Map<number, Aggregate> {
  return byPeriod(pointsOf(metrics, place, asked), asked.periodSeconds);
}

/** The same for each unit that values came with. */
export function aggregatesByUnit(metrics: MetricStore, place: MetricPlace, asked: SpanAsked) {
  const byUnit = Map.groupBy(pointsOf(metrics, place, asked), ({ unit }) => unit);
  return [...byUnit].map(([unit, points]) => ({ unit, periods: byPeriod(points, asked.periodSeconds) }));
}

function pointsOf(metrics: MetricStore, place: MetricPlace, asked: SpanAsked): readonly Point[] {
  const { periodSeconds } = asked;
  const from = Math.floor(asked.from / periodSeconds) * periodSeconds;
  return metrics.points(place, { ...asked, from, highResolution: periodSeconds < 60 });
}

function byPeriod(points: readonly Point[], periodSeconds: number): Map<number, Aggregate> {
  const periods = new Map<number, Aggregate>();
  for (const { time, aggregate } of points) {
    const start = Math.floor(time / periodSeconds) * periodSeconds;
    const whole = periods.get(start) ?? emptyAggregate();
    merge(whole, aggregate);
    periods.set(start, whole);
  }
  return periods;
}

export function seriesOf(periods: ReadonlyMap<number, Aggregate>, statistic: Statistic): Series {
  const series = new Map<number, number>();
  for (const [start, aggregate] of periods) {
    const value = statistic(aggregate);
    if (value !== undefined) series.set(start, value);
  }
  return series;
}

/** 1, 5, 10, 20, 30 or whole minutes. */
export function checkedPeriod(seconds: number | undefined): number {
  const period = seconds ?? 60;
  if ([1, 5, 10, 20, 30].includes(period) || (period >= 60 && period % 60 === 0 && period <= 86_400)) return period;
  throw invalidValue('The parameter Period must be 1, 5, 10, 20, 30, or a multiple of 60, of at most 86,400 seconds');
}

export const secondsOf = (date: Date | undefined): number => Math.floor((date?.getTime() ?? 0) / 1000);
