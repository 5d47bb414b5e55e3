import { dimensionsOf } from '../../../store/metrics/metric-store.ts';
import { renderAlarm } from '../alarms/alarm.ts';
import type { CloudwatchParts } from '../parts.ts';
import type { CloudwatchOperation } from './types.ts';

export function describeAlarmsForMetric({ alarms }: CloudwatchParts): CloudwatchOperation<'DescribeAlarmsForMetric'> {
  return {
    handle({ Namespace, MetricName, Dimensions, Period, Statistic, ExtendedStatistic, Unit }, context) {
      const wanted = JSON.stringify(dimensionsOf(Dimensions));
      const same = <T>(asked: T | undefined, has: T | undefined) => asked === undefined || asked === has;
      const found = alarms
        .list(context)
        .filter(
          ({ configuration: has }) =>
            has.Namespace === Namespace &&
            has.MetricName === MetricName &&
            JSON.stringify(dimensionsOf(has.Dimensions)) === wanted &&
            same(Period, has.Period) &&
            same(Statistic, has.Statistic) &&
            same(ExtendedStatistic, has.ExtendedStatistic) &&
            same(Unit, has.Unit),
        );
      return { MetricAlarms: found.map(renderAlarm) };
    },
  };
}
