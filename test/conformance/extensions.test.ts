/** Extensions beside a function, external and internal (reference: lambda-semantics 3.2, 3.3). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  type LambdaClient,
  PublishLayerVersionCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { createFunction, invoke, lambdaClient } from '../harness/client.ts';
import { type Entry, zip } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

const fixtures = join(import.meta.dirname, '../fixtures');
const program = (name: string, path: string): Entry => ({
  name: `extensions/${name}`,
  content: readFileSync(join(fixtures, 'extensions', path)),
  mode: 0o100755,
});
const node = zip([
  { name: 'index.js', content: readFileSync(join(fixtures, 'nodejs/index.js')) },
  { name: 'extension.mjs', content: readFileSync(join(fixtures, 'nodejs/extension.mjs')) },
]);
const logWaitMsMax = 10_000;

for (const sandbox of ['namespace', 'process'] as const) {
  describe(`in the ${sandbox} sandbox`, { skip: sandbox === 'namespace' && process.getuid?.() !== 0 }, () => {
    let server: Server;
    let client: LambdaClient;
    let logs: CloudWatchLogsClient;
    const layers: Record<string, string> = {};

    before(async () => {
      server = await startServer({ flags: ['--sandbox', sandbox] });
      client = lambdaClient(server.endpoint);
      const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
      logs = new CloudWatchLogsClient({ endpoint: server.endpoint, region: 'us-east-1', credentials });
      const eleven = Array.from({ length: 11 }, (_, index) => program(`recorder-${10 + index}`, 'recorder.py'));
      for (const [name, entries] of Object.entries({
        recorder: [program('recorder', 'recorder.py')],
        watcher: [program('watcher.mjs', 'watcher.mjs')],
        eleven,
        off: [{ name: 'disable-extensions-jwigqn8j', content: '' }],
        broken: [{ name: 'extensions/broken', content: '#!/no/such/interpreter\n', mode: 0o100755 }],
      })) {
        const published = await client.send(
          new PublishLayerVersionCommand({ LayerName: name, Content: { ZipFile: zip(entries) } }),
        );
        layers[name] = published.LayerVersionArn ?? '';
      }
    });
    after(() => server[Symbol.asyncDispose]());

    interface Made {
      readonly layers: readonly string[];
      readonly mode?: string;
      readonly handler?: string;
      readonly timeout?: number;
    }

    async function make(name: string, { layers: names, mode = '', handler = 'index.echo', timeout = 10 }: Made) {
      await createFunction(client, {
        name,
        zip: node,
        Handler: handler,
        Timeout: timeout,
        Layers: names.map((layer) => layers[layer] ?? ''),
        Environment: { Variables: { RECORDER_MODE: mode } },
      });
    }

    /** The function's log once it holds what is looked for. */
    async function logged(name: string, ...patterns: readonly RegExp[]): Promise<string> {
      const last = Date.now() + logWaitMsMax;
      for (;;) {
        const find = { logGroupName: `/aws/lambda/${name}` };
        const { events = [] } = await logs.send(new FilterLogEventsCommand(find)).catch(() => ({ events: [] }));
        const text = events.map(({ message }) => message).join('');
        const missing = patterns.find((pattern) => !pattern.test(text));
        if (missing === undefined) return text;
        if (Date.now() > last) throw new Error(`The log of ${name} lacks ${missing}:\n${text}`);
        await sleep(50);
      }
    }

    test('external extensions in two languages see each event, and the log sees them', async () => {
      await make('both', { layers: ['recorder', 'watcher'] });
      assert.equal((await invoke(client, 'both', 1)).payload, 1);
      assert.equal((await invoke(client, 'both', 2)).payload, 2);
      const text = await logged('both', /REPORT[\s\S]*REPORT/);
      assert.match(text, /EXTENSION\tName: recorder\tState: Ready\tEvents: \[INVOKE, SHUTDOWN\]\n/);
      assert.match(text, /EXTENSION\tName: watcher.mjs\tState: Ready\tEvents: \[INVOKE\]\n/);
      assert.match(
        text,
        /recorder registered 200 {"functionName": "both", "functionVersion": "\$LATEST", "handler": "index.echo", "accountId": "000000000000"}/,
      );
      const ids = [...text.matchAll(/START RequestId: (\S+)/g)].map(([, id]) => id);
      const seen = [...text.matchAll(/watcher.mjs saw (\S+) of arn:aws:lambda:\S+:both with X-Amzn-Trace-Id/g)];
      assert.deepEqual(new Set(seen.map(([, id]) => id)), new Set(ids));
      assert.match(text, /recorder event {"eventType": "INVOKE", "deadlineMs": \d+, "requestId": /);
    });

    test('the caller has its answer before a slow extension is done; the report comes after', async () => {
      await make('slow', { layers: ['recorder'], mode: 'slow' });
      const { tail } = await invoke(client, 'slow');
      assert.doesNotMatch(tail, /slept|REPORT/);
      assert.match(tail, /END RequestId/);
      const text = await logged('slow', /REPORT/);
      assert.match(text, /END RequestId[\s\S]*slept[\s\S]*REPORT RequestId/);
      const [, duration] = /REPORT.*\tDuration: (\S+) ms/.exec(text) ?? [];
      assert.ok(Number(duration) >= 400, `duration ${duration}`);
    });

    const failures: [mode: string, body: RegExp, log: RegExp][] = [
      [
        'crash at init',
        /"errorType":"Extension.Crash","errorMessage":"RequestId: \S+ Error: exit status 3"/,
        /EXTENSION\tName: recorder\tState: ExitError\tEvents: \[\]\tError Type: Extension.Crash\n[\s\S]*INIT_REPORT .*Phase: init\tStatus: error\tError Type: Extension.Crash/,
      ],
      ['init error', /"errorType":"Extension.InitError"/, /State: InitError\tEvents: \[INVOKE, SHUTDOWN\]/],
      ['crash at invoke', /"Extension.Crash".*exit status 4/, /Status: error\tError Type: Extension.Crash/],
      ['exit error', /"Extension.ExitError"/, /State: ExitError\t.*\tError Type: Extension.ExitError/],
    ];
    for (const [mode, body, log] of failures) {
      test(`an extension's ${mode} fails the invocation`, async () => {
        const name = mode.replaceAll(' ', '-');
        await make(name, { layers: ['recorder'], mode, handler: 'index.neverReturns' });
        const { error, payload } = await invoke(client, name);
        assert.equal(error, 'Unhandled');
        assert.match(JSON.stringify(payload).replaceAll('\\"', '"'), body);
        await logged(name, log);
      });
    }

    test('a program that cannot be started is told as such', async () => {
      await make('broken', { layers: ['broken'] });
      const { payload } = await invoke(client, 'broken');
      assert.match(JSON.stringify(payload), /Extension.LaunchError/);
    });

    test("the function's timeout ends a hanging extension, which is told", async () => {
      await make('hangs', { layers: ['recorder', 'watcher'], mode: 'hang at invoke', timeout: 1 });
      assert.equal((await invoke(client, 'hangs', 5)).payload, 5);
      await logged('hangs', /Task timed out after 1.00 seconds/, /Status: timeout/);
    });

    test('SHUTDOWN says why: a timeout, a failure, or that the environment is not needed', async () => {
      await make('late', { layers: ['recorder'], handler: 'index.neverReturns', timeout: 1 });
      assert.match(JSON.stringify((await invoke(client, 'late')).payload), /Sandbox.Timedout/);
      await make('exits', { layers: ['recorder'], handler: 'index.exitsWith3' });
      assert.match(JSON.stringify((await invoke(client, 'exits')).payload), /Runtime.ExitError.*exit status 3/);
      await make('spare', { layers: ['recorder'] });
      await invoke(client, 'spare');
      const change = new UpdateFunctionConfigurationCommand({ FunctionName: 'spare', Description: 'other' });
      await client.send(change);
      const shutdown = (reason: string) => new RegExp(`"SHUTDOWN", "shutdownReason": "${reason}", "deadlineMs": \\d+`);
      await logged('late', shutdown('timeout'));
      await logged('exits', shutdown('failure'));
      await logged('spare', shutdown('spindown'));
    });

    test('ten extensions are the most', async () => {
      await make('eleven', { layers: ['eleven'] });
      const { payload } = await invoke(client, 'eleven');
      assert.match(JSON.stringify(payload), /Extension.Crash/);
      await logged(
        'eleven',
        /recorder-20 registered 403 .*Extension limit \(10\) reached.*Extension.TooManyExtensions/,
      );
    });

    test('a file in a layer turns them off', async () => {
      await make('off', { layers: ['recorder', 'off'] });
      assert.equal((await invoke(client, 'off', 1)).payload, 1);
      assert.doesNotMatch(await logged('off', /REPORT/), /recorder/);
    });

    test('an internal extension registers from the function, sees its events, and lets it end by itself', async () => {
      await make('inner', { layers: [], handler: 'extension.handler' });
      const { payload } = await invoke(client, 'inner');
      assert.deepEqual(payload, ['Extension.InvalidEventType', 'Extension.RegistrationClosed']);
      await invoke(client, 'inner');
      await logged('inner', /inner saw[\s\S]*inner saw/, /EXTENSION\tName: inner\tState: Ready\tEvents: \[INVOKE\]/);
      await client.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'inner', Description: 'other' }));
      await logged('inner', /asked to end/);
    });
  });
}
