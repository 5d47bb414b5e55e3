/** The queries of GetMetricData and of alarms on several metrics: which series each of them is. */
import type { MetricDataQuery, MetricStat } from '@aws-sdk/client-cloudwatch';
import { dimensionsOf, type MetricPlace, type MetricStore } from '../../store/metrics/metric-store.ts';
import { evaluate } from './expression.ts';
import type { Value } from './math.ts';
import { invalidValue, missingParameter } from './parts.ts';
import { aggregates, checkedPeriod, type Series, seriesOf, statisticOf } from './statistics.ts';

export interface Span {
  /** Seconds since the epoch; `to` is exclusive. */
  readonly from: number;
  readonly to: number;
}

export class Queries {
  readonly #metrics: MetricStore;
  readonly #place: MetricPlace;
  readonly #span: Span;
  readonly #byId: ReadonlyMap<string, MetricDataQuery>;
  readonly #found = new Map<string, Series>();
  readonly #underWay = new Set<string>();

  constructor(metrics: MetricStore, place: MetricPlace, span: Span, queries: readonly MetricDataQuery[]) {
    this.#metrics = metrics;
    this.#place = place;
    this.#span = span;
    this.#byId = new Map(queries.map((query) => [query.Id ?? '', query]));
    if (this.#byId.size < queries.length) throw invalidValue('The values of Id must be unique within the queries');
    for (const query of queries) checkQuery(query);
  }

  series(id: string): Series {
    const known = this.#found.get(id);
    if (known !== undefined) return known;
    const query = this.#byId.get(id);
    if (query === undefined) throw invalidValue(`Error in expression: there is no query with the Id ${id}`);
    if (this.#underWay.has(id)) throw invalidValue(`Error in expression: ${id} refers to itself`);
    this.#underWay.add(id);
    const series = query.MetricStat ? this.#measured(query.MetricStat) : this.#computed(query);
    this.#underWay.delete(id);
    this.#found.set(id, series);
    return series;
  }

  #measured({ Metric, Period, Stat, Unit }: MetricStat): Series {
    const name = nameOf(Metric);
    const periodSeconds = checkedPeriod(Period);
    return seriesOf(
      aggregates(this.#metrics, this.#place, { ...name, ...this.#span, unit: Unit, periodSeconds }),
      statisticOf(Stat ?? ''),
    );
  }

  #computed({ Expression = '', Period }: MetricDataQuery): Series {
    const periodSeconds = Period ?? this.#periodIn(Expression);
    const times = timesIn(this.#span, periodSeconds);
    const value = evaluate(Expression, {
      series: (id) => this.series(id),
      metrics: (text) => this.#metricIds(text).map((id) => this.series(id)),
      periodSeconds,
      times,
    });
    return asSeries(value, times);
  }

  /** An expression has the period of what it is made of. */
  #periodIn(expression: string): number {
    const ids = expression.includes('METRICS(') ? this.#metricIds('') : expression.match(/\b[a-z]\w*/g);
    const periods = (ids ?? []).flatMap((id) => this.#byId.get(id)?.MetricStat?.Period ?? []);
    return Math.max(60, ...periods);
  }

  #metricIds(text: string): string[] {
    return [...this.#byId].flatMap(([id, { MetricStat }]) => (MetricStat && id.includes(text) ? [id] : []));
  }
}

export function nameOf(metric: MetricStat['Metric']) {
  const { Namespace: namespace = '', MetricName: name = '', Dimensions } = metric ?? {};
  return { namespace, name, dimensions: dimensionsOf(Dimensions) };
}

function checkQuery({ Id = '', MetricStat: stat, Expression }: MetricDataQuery): void {
  if (!/^[a-z][a-zA-Z0-9_]*$/.test(Id)) {
    throw invalidValue(`The value ${Id} for parameter Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$`);
  }
  if ((stat === undefined) === (Expression === undefined)) {
    throw missingParameter(`Exactly one of MetricStat and Expression must be given for the query ${Id}`);
  }
}

function timesIn({ from, to }: Span, periodSeconds: number): number[] {
  const first = Math.floor(from / periodSeconds) * periodSeconds;
  const count = Math.min(100_800, Math.max(0, Math.ceil((to - first) / periodSeconds)));
  return Array.from({ length: count }, (_, index) => first + index * periodSeconds);
}

function asSeries(value: Value, times: readonly number[]): Series {
  if (typeof value === 'number') return new Map(times.map((time) => [time, value]));
  if (value instanceof Map) return value;
  throw invalidValue('Error in expression: it is a list of series and must be one');
}
