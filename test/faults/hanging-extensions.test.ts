/** Extensions that hang wherever they can: time is over when it is over, the function lives on, and nothing stays behind. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteFunctionCommand,
  type LambdaClient,
  PublishLayerVersionCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { processesWith } from '../harness/belongings.ts';
import { createFunction, invoke, lambdaClient } from '../harness/client.ts';
import { nodePackage, zip } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

const waitMsMax = 30_000;
const recorder = readFileSync(join(import.meta.dirname, '../fixtures/extensions/recorder.py'));
const layer = zip([{ name: 'extensions/recorder', content: recorder, mode: 0o100755 }]);
const echo = nodePackage('exports.handler = async (event) => event;');
/** Among the variables of every process of this run's functions. */
const marker = `HANGING_${process.pid}`;

for (const sandbox of ['namespace', 'process'] as const) {
  const skip = sandbox === 'namespace' && process.getuid?.() !== 0 && 'the namespace sandbox needs root';
  describe(`in the ${sandbox} sandbox`, { skip, concurrency: true }, () => {
    let server: Server;
    let client: LambdaClient;
    let logs: CloudWatchLogsClient;
    let layerArn = '';

    before(async () => {
      server = await startServer({ flags: ['--sandbox', sandbox] });
      client = lambdaClient(server.endpoint);
      const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
      logs = new CloudWatchLogsClient({ endpoint: server.endpoint, region: 'us-east-1', credentials });
      const published = new PublishLayerVersionCommand({ LayerName: 'recorder', Content: { ZipFile: layer } });
      layerArn = (await client.send(published)).LayerVersionArn ?? '';
    });
    after(() => server[Symbol.asyncDispose]());

    async function make(mode: string, Timeout: number) {
      const name = mode.replaceAll(' ', '-');
      const Environment = { Variables: { RECORDER_MODE: mode, MARKER: `${marker}_${sandbox}_${name}` } };
      await createFunction(client, { name, zip: echo, Timeout, Layers: [layerArn], Environment });
      const processes = () => processesWith(`${marker}_${sandbox}_${name}`);
      /** Ends, waits and sees that nothing is left of it. */
      const end = async () => {
        await client.send(new DeleteFunctionCommand({ FunctionName: name }));
        await until(() => processes().length === 0, `processes of ${name} are left: ${processes()}`);
      };
      return { name, processes, end };
    }

    async function mend(FunctionName: string): Promise<void> {
      const Environment = { Variables: { RECORDER_MODE: '' } };
      await client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment }));
      const wait = { client, maxWaitTime: 30, minDelay: 0.05, maxDelay: 0.5 };
      await waitUntilFunctionUpdatedV2(wait, { FunctionName });
    }

    async function logged(name: string, pattern: RegExp): Promise<void> {
      const find = new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}` });
      let text = '';
      const found = async () => {
        const { events = [] } = await logs.send(find);
        text = events.map(({ message }) => message).join('');
        return pattern.test(text);
      };
      await until(found, `the log of ${name} lacks ${pattern}`);
    }

    test('at init: ten seconds, then once more within the invocation, whose timeout ends it', async () => {
      const { name, end } = await make('hang at init', 2);
      const { error, payload } = await invoke(client, name, 1);
      assert.equal(error, 'Unhandled');
      assert.match(JSON.stringify(payload), /"errorType":"Sandbox.Timedout".*Task timed out after 2.00 seconds/);
      await logged(name, /INIT_REPORT Init Duration: (9[5-9]|1[0-9]{2})\d\d\.\d\d ms\tPhase: init\tStatus: timeout\n/);
      await mend(name);
      assert.equal((await invoke(client, name, 2)).payload, 2);
      await end();
    });

    test('at an event: the caller has its answer, the environment is reset, and the next event is served', async () => {
      const { name, end } = await make('hang at invoke', 5);
      for (const event of [1, 2]) assert.equal((await invoke(client, name, event)).payload, event);
      await logged(name, /Task timed out after 5.00 seconds[\s\S]*Status: timeout/);
      await mend(name);
      assert.equal((await invoke(client, name, 4)).payload, 4);
      await end();
    });

    test('at shutdown: what does not end within two seconds is ended', async () => {
      const { name, processes, end } = await make('hang at shutdown', 5);
      assert.equal((await invoke(client, name, 1)).payload, 1);
      assert.ok(processes().length > 0);
      await mend(name);
      assert.equal((await invoke(client, name, 2)).payload, 2);
      await until(() => processes().length === 0, 'what has to end at shutdown goes on');
      await end();
    });
  });
}

async function until(fact: () => boolean | Promise<boolean>, otherwise: string): Promise<void> {
  const last = performance.now() + waitMsMax;
  while (!(await fact())) {
    assert.ok(performance.now() < last, otherwise);
    await sleep(50);
  }
}
