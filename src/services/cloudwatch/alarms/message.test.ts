import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricAlarmRecord } from './alarm.ts';
import { messageOf } from './message.ts';

test('a function is told the queries of an alarm in the words of events, dimensions as one object', () => {
  const dimensions = [{ Name: 'FunctionName', Value: 'f' }];
  const metric = { Namespace: 'AWS/Lambda', MetricName: 'Errors', Dimensions: dimensions };
  const before: MetricAlarmRecord = {
    accountId: '000000000000',
    region: 'us-east-1',
    name: 'rate',
    state: 'OK',
    tags: {},
    reason: '',
    configuredAt: 0,
    stateUpdatedAt: 0,
    stateChangedAt: 0,
    configuration: {
      AlarmName: 'rate',
      Metrics: [
        { Id: 'r', Expression: '100 * e', Label: 'rate' },
        { Id: 'e', MetricStat: { Metric: metric, Period: 60, Stat: 'Sum' }, ReturnData: false },
      ],
    },
  };
  const { event } = messageOf(before, { ...before, state: 'ALARM' });
  assert.deepEqual(JSON.parse(event).alarmData.configuration.metrics, [
    { id: 'r', expression: '100 * e', label: 'rate', returnData: true },
    {
      id: 'e',
      metricStat: {
        metric: { namespace: 'AWS/Lambda', name: 'Errors', dimensions: { FunctionName: 'f' } },
        period: 60,
        stat: 'Sum',
      },
      returnData: false,
    },
  ]);
});
