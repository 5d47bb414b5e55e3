/** Which state an alarm's values put it into: pure, so that a table of cases can show it. */
import type { ComparisonOperator } from '@aws-sdk/client-cloudwatch';
import type { AlarmState } from '../../../store/metrics/alarm-store.ts';

export interface Judged {
  /** The values of the periods that count, oldest first; undefined where a period has none. */
  readonly values: readonly (number | undefined)[];
  readonly threshold: number;
  readonly comparison: ComparisonOperator;
  /** So many of the values have to breach. */
  readonly datapointsToAlarm: number;
  readonly missing: string | undefined;
  readonly current: AlarmState;
}

/** Undefined when the state stays as it is. */
export function judge({
  values,
  datapointsToAlarm,
  missing = 'missing',
  current,
  ...rest
}: Judged): AlarmState | undefined {
  const known = values.filter((value) => value !== undefined);
  if (missing === 'ignore' && known.length < values.length && known.length < datapointsToAlarm) return undefined;
  const breaching = known.filter((value) => breaches(value, rest)).length;
  const absent = values.length - known.length;
  const counted = breaching + (missing === 'breaching' ? absent : 0);
  if (counted >= datapointsToAlarm) return moved('ALARM', current);
  if (known.length === 0 && missing === 'missing') return moved('INSUFFICIENT_DATA', current);
  return moved('OK', current);
}

function moved(to: AlarmState, from: AlarmState): AlarmState | undefined {
  return to === from ? undefined : to;
}

const comparisons: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

export function isComparison(name: string | undefined): name is ComparisonOperator {
  return name !== undefined && Object.hasOwn(comparisons, name);
}

function breaches(value: number, { comparison, threshold }: Pick<Judged, 'comparison' | 'threshold'>): boolean {
  return comparisons[comparison]?.(value, threshold) ?? false;
}
