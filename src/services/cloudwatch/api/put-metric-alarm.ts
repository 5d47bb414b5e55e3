import type { PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import type { AlarmConfiguration } from '../../../store/metrics/alarm-store.ts';
import type { MetricAlarmRecord } from '../alarms/alarm.ts';
import { isComparison } from '../alarms/judge.ts';
import { type CloudwatchParts, invalidCombination, invalidValue, missingParameter } from '../parts.ts';
import { checkedPeriod, statisticOf } from '../statistics.ts';
import type { CloudwatchOperation } from './types.ts';

/** Replaces the alarm of that name as a whole; its state and its tags stay. */
export function putMetricAlarm({ alarms, actions, clock }: CloudwatchParts): CloudwatchOperation<'PutMetricAlarm'> {
  return {
    async handle({ Tags, ...configuration }, { accountId, region }) {
      checkAlarm(configuration);
      for (const arn of actionArns(configuration)) {
        if (!actions.knows(arn)) throw invalidValue(`Invalid arn syntax, or an action that is not there: ${arn}`);
      }
      const key = { accountId, region, name: configuration.AlarmName ?? '' };
      const before = alarms.get(key);
      const now = clock.now();
      const tags = Object.fromEntries((Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
      const fresh = { ...unchecked(now), tags };
      const alarm: MetricAlarmRecord = { ...key, ...fresh, ...before, configuration, configuredAt: now };
      const summary = `Alarm "${key.name}" ${before === undefined ? 'created' : 'updated'}`;
      const data = JSON.stringify({ version: '1.0', type: before === undefined ? 'Create' : 'Update', configuration });
      await alarms.put(alarm, [{ name: key.name, at: now, type: 'ConfigurationUpdate', summary, data }]);
      return {};
    },
  };
}

function unchecked(now: number) {
  const reason = 'Unchecked: Initial alarm creation';
  return { state: 'INSUFFICIENT_DATA', reason, stateUpdatedAt: now, stateChangedAt: now } as const;
}

function actionArns({ OKActions = [], AlarmActions = [], InsufficientDataActions = [] }: AlarmConfiguration): string[] {
  return [...OKActions, ...AlarmActions, ...InsufficientDataActions];
}

function checkAlarm(input: Omit<PutMetricAlarmInput, 'Tags'>): void {
  const { Metrics, MetricName, EvaluationPeriods = 0, DatapointsToAlarm, ComparisonOperator, Threshold } = input;
  if (
    input.ThresholdMetricId !== undefined ||
    input.EvaluationCriteria !== undefined ||
    input.EvaluationWindow !== undefined
  ) {
    throw invalidValue('Anomaly detection, evaluation windows and evaluation criteria are not there yet');
  }
  if (!isComparison(ComparisonOperator)) throw invalidValue(`The comparison ${ComparisonOperator} is not there yet`);
  if (Threshold === undefined) throw missingParameter('The parameter Threshold is required.');
  if (EvaluationPeriods < 1) throw missingParameter('The parameter EvaluationPeriods is required.');
  if (DatapointsToAlarm !== undefined && DatapointsToAlarm > EvaluationPeriods) {
    throw invalidValue('DatapointsToAlarm must be less than or equal to EvaluationPeriods.');
  }
  if (!/^(missing|ignore|breaching|notBreaching)?$/.test(input.TreatMissingData ?? '')) {
    throw invalidValue(
      `Value for TreatMissingData must be one of [breaching, notBreaching, ignore, missing]: ${input.TreatMissingData}`,
    );
  }
  if ((Metrics === undefined) === (MetricName === undefined)) {
    throw invalidCombination('Exactly one of MetricName and Metrics must be specified');
  }
  if (Metrics === undefined) checkSingle(input);
  else if (Metrics.filter(({ ReturnData }) => ReturnData !== false).length !== 1) {
    throw invalidValue('Exactly one element of the Metrics list should return data.');
  }
}

function checkSingle({
  Namespace,
  Period,
  Statistic,
  ExtendedStatistic,
  EvaluationPeriods = 1,
}: AlarmConfiguration): void {
  if (Namespace === undefined) throw missingParameter('The parameter Namespace is required.');
  if (Period === undefined) throw missingParameter('The parameter Period is required.');
  if ((Statistic === undefined) === (ExtendedStatistic === undefined)) {
    throw invalidCombination('Exactly one of Statistic and ExtendedStatistic must be specified');
  }
  statisticOf(ExtendedStatistic ?? Statistic ?? '');
  if (checkedPeriod(Period) * EvaluationPeriods > 7 * 86_400) {
    throw invalidValue(
      'Metrics cannot be checked across more than seven days (EvaluationPeriods * Period must be <= 604800).',
    );
  }
}
