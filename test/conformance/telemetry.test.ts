/** What extensions are told of an environment, over the Telemetry and the Logs API (reference: lambda-semantics 3.6). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  type LambdaClient,
  type LoggingConfig,
  PublishLayerVersionCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { createFunction, invoke, lambdaClient } from '../harness/client.ts';
import { zip } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

const fixtures = join(import.meta.dirname, '../fixtures');
const node = zip([{ name: 'index.js', content: readFileSync(join(fixtures, 'nodejs/index.js')) }]);
const layer = zip([
  {
    name: 'extensions/listener',
    content: readFileSync(join(fixtures, 'extensions/listener.py')),
    mode: 0o100755,
  },
]);
const logWaitMsMax = 10_000;

interface Heard {
  readonly time: string;
  readonly type: string;
  readonly record: Record<string, unknown>;
}

for (const sandbox of ['namespace', 'process'] as const) {
  describe(`in the ${sandbox} sandbox`, { skip: sandbox === 'namespace' && process.getuid?.() !== 0 }, () => {
    let server: Server;
    let client: LambdaClient;
    let logs: CloudWatchLogsClient;
    let layerArn = '';
    before(async () => {
      server = await startServer({ flags: ['--sandbox', sandbox] });
      client = lambdaClient(server.endpoint);
      const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
      logs = new CloudWatchLogsClient({ endpoint: server.endpoint, region: 'us-east-1', credentials });
      const published = await client.send(
        new PublishLayerVersionCommand({ LayerName: 'listener', Content: { ZipFile: layer } }),
      );
      layerArn = published.LayerVersionArn ?? '';
    });
    after(() => server[Symbol.asyncDispose]());

    interface Listening {
      readonly handler: string;
      readonly path?: string;
      readonly body: object;
      readonly format?: LoggingConfig['LogFormat'];
    }

    /** Invokes once, retires the environment, and gives its whole log and what its extension has heard. */
    async function listen(name: string, { handler, path = '/2022-07-01/telemetry', body, format }: Listening) {
      await createFunction(client, {
        name,
        zip: node,
        Handler: `index.${handler}`,
        Layers: [layerArn],
        LoggingConfig: { LogFormat: format ?? 'Text' },
        Environment: { Variables: { SUBSCRIPTION: JSON.stringify({ path, body }) } },
      });
      await invoke(client, name, { lines: 2 });
      await client.send(new UpdateFunctionConfigurationCommand({ FunctionName: name, Description: 'retired' }));
      const text = await overLog(name);
      const lines = [...text.matchAll(/^heard (.*)$/gm)].map(([, json = '']) => JSON.parse(json) as Heard);
      return { text, heard: lines, types: lines.map(({ type }) => type) };
    }

    async function overLog(name: string): Promise<string> {
      const last = Date.now() + logWaitMsMax;
      for (;;) {
        const find = new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}` });
        const { events = [] } = await logs.send(find).catch(() => ({ events: [] }));
        const text = events.map(({ message }) => message).join('');
        if (/^over/m.test(text) || Date.now() > last) return text;
        await sleep(50);
      }
    }

    const quick = { buffering: { timeoutMs: 25 } };
    const http = { destination: { protocol: 'HTTP' }, ...quick };

    test('everything is heard, from the start of init to the report, in order', async () => {
      const body = { schemaVersion: '2022-12-13', types: ['platform', 'function'], ...http };
      const { text, heard, types } = await listen('all', { handler: 'logs', body });
      assert.match(text, /^subscribed 200 "OK"$/m);
      assert.match(text, /^too late 403 Telemetry.SubscriptionClosed$/m);
      assert.match(text, /^TELEMETRY\tName: listener\tState: Subscribed\tTypes: \[Platform, Function\]$/m);
      // Which of runtime and extension is ready first is chance.
      assert.ok(types.includes('platform.extension'));
      assert.deepEqual(
        types.filter((type) => type !== 'platform.extension'),
        [
          'platform.initStart',
          'platform.telemetrySubscription',
          'platform.initRuntimeDone',
          'platform.initReport',
          'platform.start',
          'function',
          'function',
          'platform.runtimeDone',
          'platform.report',
        ],
      );
      const done = heard.find(({ type }) => type === 'platform.runtimeDone');
      assert.equal(done?.record.status, 'success');
      assert.match(JSON.stringify(done), /"producedBytes":1,?.*"spans":\[{"name":"responseLatency"/);
      assert.match(String(heard.find(({ type }) => type === 'function')?.record), /\tINFO\tline 0$/);
      assert.ok(heard.every(({ time }) => /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(time)));
    });

    test('lines of a function that logs JSON are objects, from the second version on, over TCP as well', async () => {
      const tcp = { types: ['function'], destination: { protocol: 'TCP' }, ...quick };
      for (const [name, schemaVersion, kind] of [
        ['old', '2022-07-01', 'string'],
        ['new', '2025-01-29', 'object'],
      ] as const) {
        const { heard } = await listen(name, { handler: 'logs', body: { schemaVersion, ...tcp }, format: 'JSON' });
        assert.deepEqual(
          heard.map(({ type, record }) => [type, typeof record]),
          [
            ['function', kind],
            ['function', kind],
          ],
        );
      }
    });

    test('the Logs API tells in its own words', async () => {
      const body = { schemaVersion: '2021-03-18', types: ['platform'], ...http };
      const { text, heard, types } = await listen('older', { handler: 'logs', path: '/2020-08-15/logs', body });
      assert.match(text, /^LOGS\tName: listener\tState: Subscribed\tTypes: \[Platform\]$/m);
      assert.deepEqual(types, [
        'platform.logsSubscription',
        'platform.extension',
        'platform.start',
        'platform.end',
        'platform.runtimeDone',
        'platform.report',
      ]);
      assert.deepEqual(Object.keys(heard.at(-1)?.record ?? {}), ['requestId', 'metrics']);
    });

    test('the end of a runtime is heard before the end of all', async () => {
      const body = { types: ['platform'], ...http };
      const { text, heard } = await listen('ended', { handler: 'exitsWith3', body });
      const report = heard.find(({ type }) => type === 'platform.report');
      assert.deepEqual([report?.record.status, report?.record.errorType], ['failure', 'Runtime.ExitError']);
      assert.match(text, /^over/m);
    });

    test('what cannot be subscribed to is refused', async () => {
      const body = { types: ['everything'], ...http };
      const { text } = await listen('refused', { handler: 'echo', body });
      assert.match(text, /^subscribed 400 .*types must name some of platform, function, extension/m);
    });
  });
}
