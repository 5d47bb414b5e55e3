/** Operations that are known and not there yet, each with its reason. docs/compatibility.md is made from this too. */
import { unsupported } from '../../../aws/operation.ts';

const composite = unsupported('comes with composite alarms and mute rules');
const anomaly = unsupported('this server detects no anomalies; alarms have thresholds');
const dashboards = unsupported('this server draws no dashboards; GetMetricData has the values');
const insights = unsupported('comes with Contributor Insights');
const streams = unsupported('comes with metric streams');
const otel = unsupported('not planned yet');

export const unsupportedOperations = {
  AssociateDatasetKmsKey: otel,
  CreateResourceMetricsConfiguration: otel,
  DeleteAlarmMuteRule: composite,
  DeleteAnomalyDetector: anomaly,
  DeleteDashboards: dashboards,
  DeleteInsightRules: insights,
  DeleteMetricStream: streams,
  DeleteResourceMetricsConfiguration: otel,
  DescribeAlarmContributors: composite,
  DescribeAnomalyDetectors: anomaly,
  DescribeInsightRules: insights,
  DisableInsightRules: insights,
  DisassociateDatasetKmsKey: otel,
  EnableInsightRules: insights,
  GetAlarmMuteRule: composite,
  GetDashboard: dashboards,
  GetDataset: otel,
  GetInsightRuleReport: insights,
  GetMetricStream: streams,
  GetMetricWidgetImage: dashboards,
  GetOTelEnrichment: otel,
  GetResourceMetricsConfiguration: otel,
  ListAlarmMuteRules: composite,
  ListDashboards: dashboards,
  ListManagedInsightRules: insights,
  ListMetricStreams: streams,
  PutAlarmMuteRule: composite,
  PutAnomalyDetector: anomaly,
  PutCompositeAlarm: composite,
  PutDashboard: dashboards,
  PutInsightRule: insights,
  PutLogAlarm: composite,
  PutManagedInsightRules: insights,
  PutMetricStream: streams,
  StartMetricStreams: streams,
  StartOTelEnrichment: otel,
  StopMetricStreams: streams,
  StopOTelEnrichment: otel,
  UpdateOTelEnrichment: otel,
  UpdateResourceMetricsConfiguration: otel,
} as const;
