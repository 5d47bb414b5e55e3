import { type CloudwatchParts, positionOf, tokenOf } from '../parts.ts';
import type { CloudwatchOperation } from './types.ts';

const pageMax = 100;

export function describeAlarmHistory({ alarms, clock }: CloudwatchParts): CloudwatchOperation<'DescribeAlarmHistory'> {
  return {
    handle({ AlarmName, HistoryItemType, StartDate, EndDate, MaxRecords, NextToken, ScanBy }, context) {
      const found = alarms
        .history(context, StartDate?.getTime() ?? 0, EndDate?.getTime() ?? clock.now())
        .filter(({ name, type }) => (AlarmName ?? name) === name && (HistoryItemType ?? type) === type);
      if (ScanBy === 'TimestampAscending') found.reverse();
      const from = positionOf(NextToken);
      const to = from + Math.min(MaxRecords ?? pageMax, pageMax);
      const AlarmHistoryItems = found.slice(from, to).map(({ name, at, type, summary, data }) => ({
        AlarmName: name,
        AlarmType: 'MetricAlarm' as const,
        Timestamp: new Date(at),
        HistoryItemType: type,
        HistorySummary: summary,
        HistoryData: data,
      }));
      return { AlarmHistoryItems, NextToken: to < found.length ? tokenOf(to) : undefined };
    },
  };
}
