/** What topics and functions are told of an alarm that has changed its state. */
import type { Dimension, MetricDataQuery, MetricStat } from '@aws-sdk/client-cloudwatch';
import type { AlarmMessage } from './actions.ts';
import { alarmArn, type MetricAlarmRecord } from './alarm.ts';

export function messageOf(before: MetricAlarmRecord, after: MetricAlarmRecord): AlarmMessage {
  return {
    subject: `${after.state}: "${after.name}" in ${after.region}`.slice(0, 100),
    notification: JSON.stringify(notification(before, after)),
    event: JSON.stringify(event(before, after)),
  };
}

function notification(before: MetricAlarmRecord, after: MetricAlarmRecord) {
  const { configuration } = after;
  return {
    AlarmName: after.name,
    AlarmDescription: configuration.AlarmDescription ?? null,
    AWSAccountId: after.accountId,
    AlarmConfigurationUpdatedTimestamp: awsTime(after.configuredAt),
    NewStateValue: after.state,
    NewStateReason: after.reason,
    StateChangeTime: awsTime(after.stateUpdatedAt),
    Region: after.region,
    AlarmArn: alarmArn(after),
    OldStateValue: before.state,
    OKActions: configuration.OKActions ?? [],
    AlarmActions: configuration.AlarmActions ?? [],
    InsufficientDataActions: configuration.InsufficientDataActions ?? [],
    Trigger: triggerOf(after),
  };
}

function triggerOf({ configuration }: MetricAlarmRecord) {
  const { MetricName, Namespace, Statistic, ExtendedStatistic, Dimensions = [], Metrics, ...rest } = configuration;
  return {
    MetricName,
    Namespace,
    StatisticType: ExtendedStatistic === undefined ? 'Statistic' : 'ExtendedStatistic',
    Statistic: Statistic?.toUpperCase(),
    ExtendedStatistic,
    Unit: rest.Unit ?? null,
    Dimensions: Dimensions.map(({ Name, Value }) => ({ value: Value, name: Name })),
    Metrics,
    Period: rest.Period,
    EvaluationPeriods: rest.EvaluationPeriods,
    DatapointsToAlarm: rest.DatapointsToAlarm,
    ComparisonOperator: rest.ComparisonOperator,
    Threshold: rest.Threshold,
    TreatMissingData: rest.TreatMissingData ?? 'missing',
    EvaluateLowSampleCountPercentile: rest.EvaluateLowSampleCountPercentile ?? '',
  };
}

function event(before: MetricAlarmRecord, after: MetricAlarmRecord) {
  const stateOf = ({ state, reason, reasonData, stateUpdatedAt }: MetricAlarmRecord) => {
    return { value: state, reason, reasonData, timestamp: awsTime(stateUpdatedAt) };
  };
  return {
    source: 'aws.cloudwatch',
    alarmArn: alarmArn(after),
    accountId: after.accountId,
    time: awsTime(after.stateUpdatedAt),
    region: after.region,
    alarmData: {
      alarmName: after.name,
      state: stateOf(after),
      previousState: stateOf(before),
      configuration: { description: after.configuration.AlarmDescription, metrics: metricsOf(after) },
    },
  };
}

function metricsOf({ configuration }: MetricAlarmRecord) {
  const {
    Metrics,
    MetricName: name,
    Namespace: namespace,
    Dimensions = [],
    Period: period,
    Statistic,
    ExtendedStatistic,
  } = configuration;
  if (Metrics !== undefined) return Metrics.map(queryOf);
  const dimensions = dimensionsOf(Dimensions);
  const metricStat = { metric: { namespace, name, dimensions }, period, stat: Statistic ?? ExtendedStatistic };
  return [{ id: 'm1', metricStat, returnData: true }];
}

/** In the words of events, which are not those of the API that the query came by. */
function queryOf({
  Id: id,
  Expression: expression,
  Label: label,
  Period: period,
  MetricStat,
  ...rest
}: MetricDataQuery) {
  return {
    id,
    expression,
    label,
    period,
    metricStat: MetricStat && statOf(MetricStat),
    returnData: rest.ReturnData ?? true,
  };
}

function statOf({ Metric = {}, Period: period, Stat: stat, Unit: unit }: MetricStat) {
  const { Namespace: namespace, MetricName: name, Dimensions = [] } = Metric;
  return { metric: { namespace, name, dimensions: dimensionsOf(Dimensions) }, period, stat, unit };
}

function dimensionsOf(dimensions: readonly Dimension[]) {
  return Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value]));
}

function awsTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000');
}
