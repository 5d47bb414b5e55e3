import type { MetricDatum, StatisticSet } from '@aws-sdk/client-cloudwatch';
import { dimensionsOf, type Measured } from '../../../store/metrics/metric-store.ts';
import { type CloudwatchParts, invalidCombination, invalidValue, missingParameter } from '../parts.ts';
import type { CloudwatchOperation } from './types.ts';

const datumsMax = 1000;
const valuesMax = 150;
const pastMsMax = 14 * 86_400_000;
const futureMsMax = 2 * 3_600_000;

/** Kept when it answers; times from two weeks ago to two hours ahead, as CloudWatch takes them. */
export function putMetricData({ metrics, clock }: CloudwatchParts): CloudwatchOperation<'PutMetricData'> {
  return {
    async handle({ Namespace = '', MetricData = [], EntityMetricData = [] }, context) {
      if (Namespace.startsWith('AWS/')) {
        throw invalidValue(
          'The value AWS/ for parameter Namespace is invalid. Namespaces that begin with AWS/ are reserved',
        );
      }
      const all = [...MetricData, ...EntityMetricData.flatMap((each) => each.MetricData ?? [])];
      if (all.length === 0) throw missingParameter('The parameter MetricData is required.');
      if (all.length > datumsMax)
        throw invalidValue(`The collection MetricData must not have a size greater than ${datumsMax}.`);
      const now = clock.now();
      await metrics.put(
        context,
        all.map((datum, index) => measuredOf(Namespace, datum, index + 1, now)),
      );
      return {};
    },
  };
}

/** `member` counts from one, as the messages do. */
export function measuredOf(namespace: string, datum: MetricDatum, member: number, now: number): Measured {
  const { MetricName: name = '', Dimensions, Timestamp, Unit: unit = 'None', StorageResolution } = datum;
  const at = Timestamp?.getTime() ?? now;
  if (at < now - pastMsMax || at > now + futureMsMax) {
    throw invalidValue(
      `The parameter MetricData.member.${member}.Timestamp must specify a time within the last two weeks and no more than two hours in the future.`,
    );
  }
  return {
    namespace,
    name,
    dimensions: dimensionsOf(Dimensions),
    unit,
    at,
    highResolution: StorageResolution === 1,
    ...contentOf(datum, member),
  };
}

function contentOf(
  { Value, Values, Counts, StatisticValues }: MetricDatum,
  member: number,
): Pick<Measured, 'values' | 'statistics'> {
  const given = [Value, Values, StatisticValues].filter((each) => each !== undefined);
  if (given.length !== 1) {
    throw invalidCombination(
      `The parameters MetricData.member.${member}.Value, Values and StatisticValues are mutually exclusive and you have specified ${given.length} of them.`,
    );
  }
  if (StatisticValues !== undefined) return { statistics: setOf(StatisticValues, member) };
  const values = Values ?? [Value ?? 0];
  if (values.length > valuesMax)
    throw invalidValue(
      `The collection MetricData.member.${member}.Values must not have a size greater than ${valuesMax}.`,
    );
  if (Counts !== undefined && Counts.length !== values.length) {
    throw invalidValue(
      `The parameters MetricData.member.${member}.Values and MetricData.member.${member}.Counts must be of the same size.`,
    );
  }
  return {
    values: values.map((value, index) => ({
      value: finite(value, member),
      times: counted(Counts?.[index] ?? 1, member),
    })),
  };
}

function setOf({ SampleCount = 0, Sum = 0, Minimum = 0, Maximum = 0 }: StatisticSet, member: number) {
  if (!(SampleCount > 0) || Minimum > Maximum) {
    throw invalidValue(
      `The value of MetricData.member.${member}.StatisticValues is not a set of statistics: SampleCount must be greater than 0, and Maximum not less than Minimum.`,
    );
  }
  for (const value of [SampleCount, Sum, Minimum, Maximum]) finite(value, member);
  return { count: SampleCount, sum: Sum, min: Minimum, max: Maximum };
}

function finite(value: number, member: number): number {
  if (Number.isFinite(value) && Math.abs(value) <= 2 ** 360) return value;
  throw invalidValue(`The value ${value} for parameter MetricData.member.${member}.Value is invalid.`);
}

function counted(times: number, member: number): number {
  if (times > 0 && Number.isFinite(times)) return times;
  throw invalidValue(`The value ${times} for parameter MetricData.member.${member}.Counts must be greater than 0.`);
}
