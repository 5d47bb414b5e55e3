/** How a function's log looks as its LoggingConfig has it (reference: lambda-semantics 2.3). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { LambdaClient, LoggingConfig } from '@aws-sdk/client-lambda';
import { createFunction, invoke, lambdaClient } from '../harness/client.ts';
import { zip } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

const fixtures = join(import.meta.dirname, '../fixtures');
const node = zip([{ name: 'index.js', content: readFileSync(join(fixtures, 'nodejs/index.js')) }]);
const custom = zip([{ name: 'bootstrap', content: readFileSync(join(fixtures, 'provided/logs.py')), mode: 0o100755 }]);

interface Line {
  readonly type: string;
  readonly time: string;
  readonly record: Record<string, unknown>;
}

describe('the log of a function', () => {
  let server: Server;
  let client: LambdaClient;
  let logs: CloudWatchLogsClient;
  before(async () => {
    server = await startServer();
    client = lambdaClient(server.endpoint);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    logs = new CloudWatchLogsClient({ endpoint: server.endpoint, region: 'us-east-1', credentials });
  });
  after(() => server[Symbol.asyncDispose]());

  async function logOf(group: string): Promise<string[]> {
    // A group that nothing was written to is not there.
    const find = new FilterLogEventsCommand({ logGroupName: group });
    const { events = [] } = await logs.send(find).catch(() => ({ events: [] }));
    return events.map(({ message = '' }) => message.trimEnd());
  }

  async function run(name: string, handler: string, LoggingConfig: LoggingConfig): Promise<string[]> {
    const group = LoggingConfig.LogGroup ?? `/aws/lambda/${name}`;
    const own = handler === 'custom' ? { zip: custom, Runtime: 'provided.al2023' as const } : { zip: node };
    await createFunction(client, { name, Handler: handler, ...own, LoggingConfig });
    await invoke(client, name, 1);
    return logOf(group);
  }

  const parsed = (lines: readonly string[]) => lines.map((line) => JSON.parse(line) as Line);

  test('is JSON from its first line to its last', async () => {
    const lines = parsed(await run('json', 'index.echo', { LogFormat: 'JSON', SystemLogLevel: 'DEBUG' }));
    assert.deepEqual(
      lines.map(({ type }) => type),
      [
        'platform.initStart',
        'platform.initRuntimeDone',
        'platform.initReport',
        'platform.start',
        'platform.runtimeDone',
        'platform.report',
      ],
    );
    const [initStart, , initReport, start, runtimeDone, report] = lines.map(({ record }) => record);
    assert.equal(initStart?.initializationType, 'on-demand');
    assert.equal(initStart?.phase, 'init');
    assert.match(String(initStart?.runtimeVersionArn), /^arn:aws:lambda:us-east-1::runtime:/);
    assert.equal(initReport?.status, 'success');
    assert.equal(start?.version, '$LATEST');
    assert.match(JSON.stringify(start?.tracing), /^{"type":"X-Amzn-Trace-Id","value":"Root=1-/);
    assert.equal(runtimeDone?.status, 'success');
    assert.match(JSON.stringify(runtimeDone), /"producedBytes":1.*"spans":\[{"name":"responseLatency","start":"20/);
    const metrics = report?.metrics as Record<string, number>;
    assert.deepEqual(Object.keys(metrics), [
      'durationMs',
      'billedDurationMs',
      'memorySizeMB',
      'maxMemoryUsedMB',
      'initDurationMs',
    ]);
    assert.equal(report?.requestId, start?.requestId);
    assert.ok(lines.every(({ time }) => /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(time)));
  });

  test('leaves out what its system level does not want', async () => {
    assert.deepEqual(await run('quiet', 'index.echo', { LogFormat: 'JSON', SystemLogLevel: 'WARN' }), []);
  });

  test('says at every level what went wrong', async () => {
    const lines = await run('wrong', 'index.exitsWith3', { LogFormat: 'JSON', SystemLogLevel: 'WARN' });
    const events = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Line);
    assert.deepEqual(
      events.map(({ type, record }) => [type, record.status, record.errorType]),
      [
        ['platform.runtimeDone', 'failure', 'Runtime.ExitError'],
        ['platform.report', 'failure', 'Runtime.ExitError'],
      ],
    );
  });

  test('repeats no name that an error of the function gives itself', async () => {
    const lines = await run('thrown', 'index.throws', { LogFormat: 'JSON', SystemLogLevel: 'WARN' });
    const events = lines.map((line) => JSON.parse(line) as Line).filter(({ type }) => type?.startsWith('platform.'));
    assert.deepEqual(
      events.map(({ type, record }) => [type, record.status, record.errorType]),
      [
        ['platform.runtimeDone', 'error', 'Function.Unknown'],
        ['platform.report', 'error', 'Function.Unknown'],
      ],
    );
  });

  test('has only those lines of a custom runtime that its application level wants', async () => {
    const levels = { ApplicationLogLevel: 'ERROR', SystemLogLevel: 'WARN' } as const;
    const lines = await run('errors', 'custom', { LogFormat: 'JSON', ...levels });
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).message),
      ['a line of ERROR'],
    );
    const info = await run('info', 'custom', {
      LogFormat: 'JSON',
      ApplicationLogLevel: 'INFO',
      SystemLogLevel: 'WARN',
    });
    assert.equal(info.length, 3);
    assert.equal(info[2], 'a plain line');
    assert.equal((await invoke(client, 'info')).tail.includes('a line of debug'), false);
  });

  test('names the trace of what is traced and sampled', async () => {
    const TracingConfig = { Mode: 'Active' } as const;
    await createFunction(client, { name: 'traced', zip: node, Handler: 'index.context', TracingConfig });
    const { payload, tail } = await invoke(client, 'traced');
    const { xRayTraceId } = payload as { xRayTraceId: string };
    const [, root, parent] = /^Root=([^;]+);Parent=([^;]+);Sampled=1;Lineage=/.exec(xRayTraceId) ?? [];
    assert.match(tail, new RegExp(`\\nXRAY TraceId: ${root}\\tSegmentId: ${parent}\\tSampled: true\\t\\n$`));
  });

  test('has every line where it is text, in the group it wants', async () => {
    const lines = await run('text', 'custom', { LogFormat: 'Text', LogGroup: '/all/of/them' });
    assert.equal(lines.filter((line) => line.includes('a line of')).length, 3);
    assert.match(lines.join('\n'), /^INIT_START[\s\S]*START RequestId[\s\S]*END RequestId[\s\S]*REPORT RequestId/);
  });
});
