/** Every operation of CloudWatch, a row each. */
import type { CloudwatchTypes } from '../../../aws/models/cloudwatch.types.ts';
import type { OperationTable } from '../../../aws/operation.ts';
import type { CloudwatchParts, MovesAlarms } from '../parts.ts';
import { deleteAlarms } from './delete-alarms.ts';
import { describeAlarmHistory } from './describe-alarm-history.ts';
import { describeAlarms } from './describe-alarms.ts';
import { describeAlarmsForMetric } from './describe-alarms-for-metric.ts';
import { getMetricData } from './get-metric-data.ts';
import { getMetricStatistics } from './get-metric-statistics.ts';
import { listMetrics } from './list-metrics.ts';
import { putMetricAlarm } from './put-metric-alarm.ts';
import { putMetricData } from './put-metric-data.ts';
import { setAlarmState } from './set-alarm-state.ts';
import { disableAlarmActions, enableAlarmActions } from './switch-alarm-actions.ts';
import { listTagsForResource, tagResource, untagResource } from './tags.ts';
import { unsupportedOperations } from './unsupported.ts';

export function createCloudwatchTable(parts: CloudwatchParts & MovesAlarms) {
  return {
    ...unsupportedOperations,
    DeleteAlarms: deleteAlarms(parts),
    DescribeAlarmHistory: describeAlarmHistory(parts),
    DescribeAlarms: describeAlarms(parts),
    DescribeAlarmsForMetric: describeAlarmsForMetric(parts),
    DisableAlarmActions: disableAlarmActions(parts),
    EnableAlarmActions: enableAlarmActions(parts),
    GetMetricData: getMetricData(parts),
    GetMetricStatistics: getMetricStatistics(parts),
    ListMetrics: listMetrics(parts),
    ListTagsForResource: listTagsForResource(parts),
    PutMetricAlarm: putMetricAlarm(parts),
    PutMetricData: putMetricData(parts),
    SetAlarmState: setAlarmState(parts),
    TagResource: tagResource(parts),
    UntagResource: untagResource(parts),
  } satisfies OperationTable<CloudwatchTypes>;
}
