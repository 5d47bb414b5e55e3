/** Every operation of CloudWatch Logs, a row each. */
import type { LogsTypes } from '../../../aws/models/logs.types.ts';
import type { OperationTable } from '../../../aws/operation.ts';
import type { LogsParts } from '../parts.ts';
import { createLogGroup } from './create-log-group.ts';
import { createLogStream } from './create-log-stream.ts';
import { deleteLogGroup } from './delete-log-group.ts';
import { deleteLogStream } from './delete-log-stream.ts';
import { deleteRetentionPolicy } from './delete-retention-policy.ts';
import { describeLogGroups } from './describe-log-groups.ts';
import { describeLogStreams } from './describe-log-streams.ts';
import { filterLogEvents } from './filter-log-events.ts';
import { getLogEvents } from './get-log-events.ts';
import { deleteMetricFilter, describeMetricFilters, putMetricFilter, testMetricFilter } from './metric-filters.ts';
import { putLogEvents } from './put-log-events.ts';
import { putRetentionPolicy } from './put-retention-policy.ts';
import { startLiveTail } from './start-live-tail.ts';
import {
  deleteSubscriptionFilter,
  describeSubscriptionFilters,
  putSubscriptionFilter,
} from './subscription-filters.ts';
import {
  listTagsForResource,
  listTagsLogGroup,
  tagLogGroup,
  tagResource,
  untagLogGroup,
  untagResource,
} from './tags.ts';
import { unsupportedOperations } from './unsupported.ts';

export function createLogsTable(parts: LogsParts) {
  return {
    ...unsupportedOperations,
    CreateLogGroup: createLogGroup(parts),
    CreateLogStream: createLogStream(parts),
    DeleteLogGroup: deleteLogGroup(parts),
    DeleteLogStream: deleteLogStream(parts),
    DescribeLogGroups: describeLogGroups(parts),
    DescribeLogStreams: describeLogStreams(parts),
    FilterLogEvents: filterLogEvents(parts),
    GetLogEvents: getLogEvents(parts),
    PutLogEvents: putLogEvents(parts),
    DeleteMetricFilter: deleteMetricFilter(parts),
    DeleteRetentionPolicy: deleteRetentionPolicy(parts),
    DeleteSubscriptionFilter: deleteSubscriptionFilter(parts),
    DescribeMetricFilters: describeMetricFilters(parts),
    DescribeSubscriptionFilters: describeSubscriptionFilters(parts),
    ListTagsForResource: listTagsForResource(parts),
    ListTagsLogGroup: listTagsLogGroup(parts),
    PutMetricFilter: putMetricFilter(parts),
    PutRetentionPolicy: putRetentionPolicy(parts),
    PutSubscriptionFilter: putSubscriptionFilter(parts),
    StartLiveTail: startLiveTail(parts),
    TagLogGroup: tagLogGroup(parts),
    TagResource: tagResource(parts),
    UntagLogGroup: untagLogGroup(parts),
    UntagResource: untagResource(parts),
    TestMetricFilter: testMetricFilter,
  } satisfies OperationTable<LogsTypes>;
}
