/** CloudWatch through its SDK: a function's own metrics, metrics of others, alarms. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  GetProvisionedConcurrencyConfigCommand,
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  PublishVersionCommand,
  PutFunctionEventInvokeConfigCommand,
  PutProvisionedConcurrencyConfigCommand,
} from '@aws-sdk/client-lambda';
import { createFunction, invoke, lambdaClient } from '../harness/client.ts';
import { nodePackage } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const handler = `exports.handler = async (event) => {
  console.log(JSON.stringify({ _aws: { Timestamp: Date.now(), CloudWatchMetrics: [
    { Namespace: 'shop', Dimensions: [['city']], Metrics: [{ Name: 'orders', Unit: 'Count' }] }] }, city: 'Bern', orders: 3 }));
  if (event.fail) throw new Error('no');
};`;
let server: Server;
let client: CloudWatchClient;
const around = () => ({ StartTime: new Date(Date.now() - 600_000), EndTime: new Date(Date.now() + 60_000) });

before(async () => {
  server = await startServer();
  client = new CloudWatchClient({ endpoint: server.endpoint, region: 'us-east-1', credentials });
});
after(() => server[Symbol.asyncDispose]());

/** Until what is summed in memory has been written. */
async function until<T>(read: () => Promise<T>, done: (value: T) => boolean): Promise<T> {
  for (let n = 0; n < 300; n += 1) {
    const value = await read();
    if (done(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return read();
}

test('a function has its invocations, errors and durations, and what it embeds in its log', async () => {
  const lambda = lambdaClient(server.endpoint);
  await createFunction(lambda, { name: 'measured', zip: nodePackage(handler) });
  await invoke(lambda, 'measured', {});
  await invoke(lambda, 'measured', { fail: true });
  const query = (Id: string, MetricName: string, Stat: string) => ({
    Id,
    MetricStat: {
      Metric: { Namespace: 'AWS/Lambda', MetricName, Dimensions: [{ Name: 'FunctionName', Value: 'measured' }] },
      Period: 3600,
      Stat,
    },
  });
  const MetricDataQueries = [
    query('invocations', 'Invocations', 'Sum'),
    query('errors', 'Errors', 'Sum'),
    query('slowest', 'Duration', 'p100'),
    { Id: 'rate', Expression: '100 * errors / invocations' },
  ];
  const read = () => client.send(new GetMetricDataCommand({ ...around(), MetricDataQueries }));
  const sums = (id: string, { MetricDataResults }: Awaited<ReturnType<typeof read>>) =>
    MetricDataResults?.find((each) => each.Id === id)?.Values?.reduce((sum, value) => sum + value, 0) ?? 0;
  const found = await until(read, (answer) => sums('invocations', answer) === 2);
  assert.deepEqual([sums('invocations', found), sums('errors', found), sums('rate', found)], [2, 1, 50]);
  assert.ok(sums('slowest', found) > 0);
  const embedded = await client.send(
    new GetMetricStatisticsCommand({
      ...around(),
      Namespace: 'shop',
      MetricName: 'orders',
      Dimensions: [{ Name: 'city', Value: 'Bern' }],
      Period: 3600,
      Statistics: ['Sum', 'SampleCount'],
    }),
  );
  const total = embedded.Datapoints?.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
  assert.equal(total, 6);
  assert.deepEqual([...new Set(embedded.Datapoints?.map(({ Unit }) => Unit))], ['Count']);
});

test('streams, events that wait, and provisioned concurrency are counted', async () => {
  const lambda = lambdaClient(server.endpoint);
  const FunctionName = 'counted';
  await createFunction(lambda, { name: FunctionName, zip: nodePackage(handler) });
  const { EventStream = [] } = await lambda.send(new InvokeWithResponseStreamCommand({ FunctionName }));
  for await (const _ of EventStream);
  await lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 0 }));
  for (const Payload of ['{}', '{"fail":true}']) {
    await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: Buffer.from(Payload) }));
  }
  await lambda.send(new PublishVersionCommand({ FunctionName }));
  await lambda.send(
    new PutProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: '1', ProvisionedConcurrentExecutions: 2 }),
  );
  await until(
    () => lambda.send(new GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: '1' })),
    ({ Status }) => Status === 'READY',
  );
  await invoke(lambda, FunctionName, {}, { Qualifier: '1' });
  const Dimensions = [{ Name: 'FunctionName', Value: FunctionName }];
  const statistics = async (MetricName: string, of = Dimensions) => {
    const query = { ...around(), Namespace: 'AWS/Lambda', MetricName, Dimensions: of, Period: 3600 };
    const Statistics = ['Sum' as const, 'Maximum' as const, 'SampleCount' as const];
    const { Datapoints = [] } = await client.send(new GetMetricStatisticsCommand({ ...query, Statistics }));
    const sum = Datapoints.reduce((total, { Sum = 0 }) => total + Sum, 0);
    const most = Math.max(0, ...Datapoints.map(({ Maximum = 0 }) => Maximum));
    return { sum, most, samples: Datapoints.reduce((total, { SampleCount = 0 }) => total + SampleCount, 0) };
  };
  await until(
    () => statistics('Invocations'),
    ({ sum }) => sum === 4,
  );
  assert.equal((await statistics('Duration')).samples, 4, 'the stream, two events, and the provisioned one');
  assert.equal((await statistics('AsyncEventsReceived')).sum, 2);
  assert.equal((await statistics('AsyncEventAge')).samples, 2);
  assert.equal((await statistics('AsyncEventsDropped')).sum, 1);
  assert.equal((await statistics('ProvisionedConcurrencyInvocations')).sum, 1);
  assert.equal((await statistics('ProvisionedConcurrencyUtilization')).most, 0.5);
  const ofResource = [...Dimensions, { Name: 'Resource', Value: `${FunctionName}:1` }];
  assert.equal((await statistics('ProvisionedConcurrentExecutions', ofResource)).most, 1);
  assert.ok((await statistics('UnreservedConcurrentExecutions', [])).most >= 1);
  assert.ok((await statistics('ClaimedAccountConcurrency', [])).most >= 2);
});

test('metrics that were put are listed, and survive a kill', async () => {
  const data = { MetricName: 'depth', Value: 7, Unit: 'Meters' as never };
  await assert.rejects(client.send(new PutMetricDataCommand({ Namespace: 'sea', MetricData: [data] })));
  await client.send(new PutMetricDataCommand({ Namespace: 'sea', MetricData: [{ MetricName: 'depth', Value: 7 }] }));
  const { Metrics } = await client.send(new ListMetricsCommand({ Namespace: 'sea' }));
  assert.deepEqual(Metrics, [{ Namespace: 'sea', MetricName: 'depth', Dimensions: [] }]);
});

test('an alarm watches a metric, is set, remembered and deleted', async () => {
  const AlarmName = 'deep';
  const usual = {
    AlarmName,
    Namespace: 'lake',
    MetricName: 'depth',
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 5,
    ComparisonOperator: 'GreaterThanThreshold',
  } as const;
  await assert.rejects(client.send(new PutMetricAlarmCommand({ ...usual, TreatMissingData: 'sometimes' })), {
    name: 'InvalidParameterValueException',
  });
  const Timestamp = new Date(Date.now() - 60_000);
  await client.send(
    new PutMetricDataCommand({ Namespace: 'lake', MetricData: [{ MetricName: 'depth', Value: 7, Timestamp }] }),
  );
  await client.send(new PutMetricAlarmCommand({ ...usual, EvaluationPeriods: 2, DatapointsToAlarm: 1 }));
  const read = () => client.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }));
  const { MetricAlarms } = await until(read, (answer) => answer.MetricAlarms?.[0]?.StateValue === 'ALARM');
  assert.match(
    MetricAlarms?.[0]?.StateReason ?? '',
    /^Threshold Crossed: 1 datapoint \[7\] evaluated against: greater than the threshold \(5\)\.$/,
  );
  await client.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'OK', StateReason: 'by hand' }));
  const { AlarmHistoryItems } = await client.send(
    new DescribeAlarmHistoryCommand({ AlarmName, HistoryItemType: 'StateUpdate' }),
  );
  assert.equal(AlarmHistoryItems?.[0]?.HistorySummary, 'Alarm updated from ALARM to OK');
  await client.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] }));
  await assert.rejects(client.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] })), /does not exist/);
});
