/** CloudWatch Logs beyond reading: tags, retention, filters that measure, tell functions and wake alarms, and a live tail. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeMetricFiltersCommand,
  FilterLogEventsCommand,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  PutMetricFilterCommand,
  PutRetentionPolicyCommand,
  PutSubscriptionFilterCommand,
  StartLiveTailCommand,
  TagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { AddPermissionCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { createFunction, lambdaClient } from '../harness/client.ts';
import { nodePackage } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const place = { logGroupName: 'app', logStreamName: 's' };
const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:told';
let server: Server;
let logs: CloudWatchLogsClient;
let cloudwatch: CloudWatchClient;
let lambda: LambdaClient;

before(async () => {
  server = await startServer();
  logs = new CloudWatchLogsClient({
    endpoint: server.endpoint,
    region: 'us-east-1',
    credentials,
    // A live tail would go to another host, stream-127.0.0.1.
    disableHostPrefix: true,
  });
  cloudwatch = new CloudWatchClient({ endpoint: server.endpoint, region: 'us-east-1', credentials });
  lambda = lambdaClient(server.endpoint);
  await logs.send(new CreateLogGroupCommand({ logGroupName: 'app', tags: { team: 'a' } }));
  await logs.send(new CreateLogStreamCommand(place));
  const source = `exports.handler = async (event) => console.log('told ' + JSON.stringify(event));`;
  await createFunction(lambda, { name: 'told', zip: nodePackage(source) });
});
after(() => server[Symbol.asyncDispose]());

const write = (...messages: string[]) =>
  logs.send(
    new PutLogEventsCommand({ ...place, logEvents: messages.map((message) => ({ timestamp: Date.now(), message })) }),
  );

/** What the function was told, once it has been told something that fits. */
async function told(pattern: RegExp): Promise<unknown> {
  for (let n = 0; n < 200; n += 1) {
    const { events } = await logs
      .send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/told', filterPattern: 'told' }))
      .catch(() => ({ events: [] }));
    const found = (events ?? []).find(({ message = '' }) => pattern.test(message));
    if (found?.message !== undefined) return JSON.parse(found.message.slice(found.message.indexOf('{')));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`the function was not told ${pattern}`);
}

test('tags and retention are kept and shown', async () => {
  const resourceArn = 'arn:aws:logs:us-east-1:000000000000:log-group:app';
  await logs.send(new TagResourceCommand({ resourceArn, tags: { stage: 'b' } }));
  const { tags } = await logs.send(new ListTagsForResourceCommand({ resourceArn }));
  assert.deepEqual(tags, { team: 'a', stage: 'b' });
  await assert.rejects(logs.send(new PutRetentionPolicyCommand({ logGroupName: 'app', retentionInDays: 2 })), {
    name: 'InvalidParameterException',
  });
  await logs.send(new PutRetentionPolicyCommand({ logGroupName: 'app', retentionInDays: 7 }));
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'app' }));
  assert.equal(logGroups?.[0]?.retentionInDays, 7);
});

test('a metric filter measures the lines that match', async () => {
  const metricTransformations = [{ metricNamespace: 'app', metricName: 'size', metricValue: '$.size' }];
  const filter = { logGroupName: 'app', filterName: 'sizes', filterPattern: '{ $.kind = "file" }' };
  await assert.rejects(
    logs.send(new PutMetricFilterCommand({ ...filter, filterPattern: '{ broken', metricTransformations })),
    {
      name: 'InvalidParameterException',
    },
  );
  await logs.send(new PutMetricFilterCommand({ ...filter, metricTransformations }));
  await write('{"kind":"file","size":3}', '{"kind":"folder","size":9}', '{"kind":"file","size":4}');
  const { metricFilters } = await logs.send(new DescribeMetricFiltersCommand({ metricNamespace: 'app' }));
  assert.equal(metricFilters?.[0]?.filterName, 'sizes');
  const statistics = new GetMetricStatisticsCommand({
    Namespace: 'app',
    MetricName: 'size',
    Period: 3600,
    Statistics: ['Sum'],
    StartTime: new Date(Date.now() - 3_600_000),
    EndTime: new Date(Date.now() + 60_000),
  });
  for (let n = 0; n < 100; n += 1) {
    const { Datapoints = [] } = await cloudwatch.send(statistics);
    const sum = Datapoints.reduce((all, { Sum = 0 }) => all + Sum, 0);
    if (sum === 7) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail('the lines were not measured');
});

test('a subscription tells a function, with its leave alone', async () => {
  const filter = { logGroupName: 'app', filterName: 'errors', filterPattern: 'ERROR', destinationArn: functionArn };
  await assert.rejects(logs.send(new PutSubscriptionFilterCommand(filter)), /Could not execute the lambda function/);
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: 'told',
      StatementId: 'logs',
      Action: 'lambda:InvokeFunction',
      Principal: 'logs.amazonaws.com',
      SourceArn: 'arn:aws:logs:us-east-1:000000000000:log-group:app:*',
    }),
  );
  await logs.send(new PutSubscriptionFilterCommand(filter));
  await write('fine', 'ERROR disk full');
  const event = (await told(/awslogs/)) as { awslogs: { data: string } }; // the function's own words
  const content = JSON.parse(gunzipSync(Buffer.from(event.awslogs.data, 'base64')).toString());
  assert.deepEqual([content.logGroup, content.logStream, content.subscriptionFilters], ['app', 's', ['errors']]);
  assert.deepEqual(
    content.logEvents.map(({ message }: { message: string }) => message),
    ['ERROR disk full'],
  );
});

test('an alarm tells a function', async () => {
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: 'told',
      StatementId: 'alarm',
      Action: 'lambda:InvokeFunction',
      Principal: 'lambda.alarms.cloudwatch.amazonaws.com',
    }),
  );
  const AlarmName = 'full';
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName,
      Namespace: 'app',
      MetricName: 'never',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'ignore',
      AlarmActions: [functionArn],
    }),
  );
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'by hand' }));
  const event = (await told(/aws\.cloudwatch/)) as { alarmData: { alarmName: string; state: { value: string } } };
  assert.deepEqual([event.alarmData.alarmName, event.alarmData.state.value], ['full', 'ALARM']);
});

test('a live tail shows lines as they come, those that match alone', async () => {
  const command = new StartLiveTailCommand({
    logGroupIdentifiers: ['arn:aws:logs:us-east-1:000000000000:log-group:app'],
    logEventFilterPattern: 'shown',
  });
  const { responseStream = [] } = await logs.send(command);
  const seen: (string | undefined)[] = [];
  for await (const part of responseStream) {
    if ('sessionStart' in part && part.sessionStart) await write('not this', 'shown this');
    seen.push(...(part.sessionUpdate?.sessionResults ?? []).map(({ message }) => message));
    if (seen.length > 0) break;
  }
  assert.deepEqual(seen, ['shown this']);
});
