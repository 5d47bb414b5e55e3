import { type MetricAlarmRecord, renderAlarm } from '../alarms/alarm.ts';
import { type CloudwatchParts, positionOf, tokenOf } from '../parts.ts';
import type { CloudwatchOperation } from './types.ts';

const pageMax = 100;

/** Metric alarms alone: there are no others. */
export function describeAlarms({ alarms }: CloudwatchParts): CloudwatchOperation<'DescribeAlarms'> {
  return {
    handle({ AlarmNames, AlarmNamePrefix = '', AlarmTypes, StateValue, ActionPrefix, MaxRecords, NextToken }, context) {
      if (AlarmTypes !== undefined && !AlarmTypes.includes('MetricAlarm'))
        return { MetricAlarms: [], CompositeAlarms: [] };
      const found = alarms
        .list(context)
        .filter(
          (alarm) =>
            (AlarmNames?.includes(alarm.name) ?? true) &&
            alarm.name.startsWith(AlarmNamePrefix) &&
            (StateValue === undefined || alarm.state === StateValue) &&
            (ActionPrefix === undefined || hasAction(alarm, ActionPrefix)),
        );
      const from = positionOf(NextToken);
      const to = from + Math.min(MaxRecords ?? 50, pageMax);
      return {
        MetricAlarms: found.slice(from, to).map(renderAlarm),
        CompositeAlarms: [],
        NextToken: to < found.length ? tokenOf(to) : undefined,
      };
    },
  };
}

function hasAction({ configuration }: MetricAlarmRecord, prefix: string): boolean {
  const { OKActions = [], AlarmActions = [], InsufficientDataActions = [] } = configuration;
  return [...OKActions, ...AlarmActions, ...InsufficientDataActions].some((arn) => arn.startsWith(prefix));
}
