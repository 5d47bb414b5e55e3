/** What a function finds around it, and what it must not find (reference: lambda-semantics 3.3 to 3.5). */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { createFunction, invoke, lambdaClient, role } from '../harness/client.ts';
import { nodePackage, zip } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

/** Runs whatever expression its event brings: one function for all questions. */
const asks = nodePackage(`
  const AsyncFunction = (async () => {}).constructor;
  let calls = 0, ticks = 0;
  setInterval(() => { ticks += 1; }, 20).unref();
  exports.handler = async ({ run }, context) => {
    calls += 1;
    return new AsyncFunction('require', 'context', 'calls', 'ticks', run)(require, context, calls, ticks);
  };
`);

for (const sandbox of ['namespace', 'process'] as const) {
  const isolated = sandbox === 'namespace';
  const skip = isolated && process.getuid?.() !== 0 ? 'the namespace sandbox needs root' : false;
  describe(`in the ${sandbox} sandbox`, { skip }, () => {
    let server: Server;
    let client: LambdaClient;
    const ask = async (run: string, name = 'asks') => {
      const { payload, error, tail } = await invoke(client, name, { run });
      assert.equal(error, undefined, `${JSON.stringify(payload)} ${tail}`);
      return payload;
    };
    before(async () => {
      server = await startServer({ flags: ['--sandbox', sandbox] });
      client = lambdaClient(server.endpoint);
      await createFunction(client, {
        name: 'asks',
        zip: asks,
        Timeout: 20,
        MemorySize: 256,
        Environment: { Variables: { GREETING: 'hello', LANG: 'C.UTF-8' } },
      });
    });
    after(() => server[Symbol.asyncDispose]());

    test('variables are those of AWS and those of the function', async () => {
      const env = await ask('return process.env');
      assert.ok(typeof env === 'object' && env !== null);
      const { LAMBDA_TASK_ROOT, AWS_LAMBDA_LOG_STREAM_NAME, AWS_ACCESS_KEY_ID, ...rest } = env as Record<
        string,
        string
      >;
      assert.match(AWS_ACCESS_KEY_ID ?? '', /^ASIA[A-Z2-7]{16}$/);
      assert.match(AWS_LAMBDA_LOG_STREAM_NAME ?? '', /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
      if (isolated) assert.equal(LAMBDA_TASK_ROOT, '/var/task');
      const expected = {
        GREETING: 'hello',
        LANG: 'C.UTF-8',
        TZ: ':UTC',
        AWS_REGION: 'us-east-1',
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_LAMBDA_FUNCTION_NAME: 'asks',
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
        AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/asks',
        AWS_LAMBDA_LOG_FORMAT: 'Text',
        AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
        AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs26.x',
        _HANDLER: 'index.handler',
        LAMBDA_RUNTIME_DIR: '/var/runtime',
      };
      for (const [name, value] of Object.entries(expected)) assert.equal(rest[name], value, name);
      assert.deepEqual(
        Object.keys(rest).filter((name) => name.startsWith('LAMBENT')),
        [],
      );
      assert.ok(rest.AWS_SECRET_ACCESS_KEY && rest.AWS_SESSION_TOKEN && rest.AWS_ENDPOINT_URL);
    });

    test('/tmp is writable, the package is not', async () => {
      assert.equal(
        await ask(`const fs = require('node:fs'); const os = require('node:os');
          fs.writeFileSync(os.tmpdir() + '/kept', 'x'); return fs.readFileSync(os.tmpdir() + '/kept', 'utf8')`),
        'x',
      );
      if (!isolated) return;
      for (const path of ['/var/task/x', '/var/runtime/x', '/usr/x', '/x', '/etc/x', '/opt/x']) {
        const code = await ask(
          `try { require('node:fs').writeFileSync('${path}', ''); return 'written' } catch (e) { return e.code }`,
        );
        assert.match(String(code), /EROFS|EACCES/, path);
      }
      assert.equal(await ask('return process.cwd()'), '/var/task');
    });

    test('the same environment serves one event after the other', async () => {
      const first = Number(await ask('return calls'));
      assert.equal(await ask('return calls'), first + 1);
    });

    test('events at the same time have environments of their own', async () => {
      // Longer than a start takes on a busy machine: an environment that is free by then would serve the next.
      const run = `await new Promise((resolve) => setTimeout(resolve, 2500)); return context.logStreamName`;
      const streams = await Promise.all([1, 2, 3].map(() => ask(run)));
      assert.equal(new Set(streams).size, 3);
    });

    test('between events no time passes inside', async () => {
      const quiet = nodePackage(`let ticks = 0; setInterval(() => { ticks += 1; }, 10);
        exports.handler = async () => ticks;`);
      await createFunction(client, { name: 'ticks', zip: quiet });
      const before = Number((await invoke(client, 'ticks')).payload);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      const ticked = Number((await invoke(client, 'ticks')).payload) - before;
      assert.ok(ticked < 60, `a timer of 10 ms fired ${ticked} times in 1,500 ms without an event`);
    });

    test('a call of AWS inside a function reaches this server as the execution role', async () => {
      const caller = nodePackage(`const { createHmac, createHash } = require('node:crypto');
        const hmac = (key, text) => createHmac('sha256', key).update(text).digest();
        const sha = (text) => createHash('sha256').update(text).digest('hex');
        exports.handler = async () => {
          const env = process.env, body = 'Action=GetCallerIdentity&Version=2011-06-15';
          const date = new Date().toISOString().replace(/[-:]|\\.\\d{3}/g, ''), day = date.slice(0, 8);
          const url = new URL(env.AWS_ENDPOINT_URL), scope = day + '/us-east-1/sts/aws4_request';
          const type = 'application/x-www-form-urlencoded; charset=utf-8';
          const headers = 'content-type:' + type + '\\nhost:' + url.host + '\\nx-amz-date:' + date + '\\nx-amz-security-token:' + env.AWS_SESSION_TOKEN + '\\n';
          const names = 'content-type;host;x-amz-date;x-amz-security-token';
          const canonical = ['POST', '/', '', headers, names, sha(body)].join('\\n');
          const text = ['AWS4-HMAC-SHA256', date, scope, sha(canonical)].join('\\n');
          const key = hmac(hmac(hmac(hmac('AWS4' + env.AWS_SECRET_ACCESS_KEY, day), 'us-east-1'), 'sts'), 'aws4_request');
          const signature = createHmac('sha256', key).update(text).digest('hex');
          const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': type, 'x-amz-date': date,
            'x-amz-security-token': env.AWS_SESSION_TOKEN,
            authorization: 'AWS4-HMAC-SHA256 Credential=' + env.AWS_ACCESS_KEY_ID + '/' + scope + ', SignedHeaders=' + names + ', Signature=' + signature } });
          return { status: response.status, text: await response.text() };
        };`);
      await createFunction(client, { name: 'caller', zip: caller, Timeout: 10, Role: role });
      const { payload } = await invoke(client, 'caller');
      assert.match(JSON.stringify(payload), /"status":200.*arn:aws:sts::000000000000:assumed-role\/test\/caller/);
    });

    test('a hundred thousand lines are neither lost nor in the way', async () => {
      const { CloudWatchLogsClient, paginateFilterLogEvents } = await import('@aws-sdk/client-cloudwatch-logs');
      const chatty = nodePackage(
        `exports.handler = async ({ lines }) => { for (let n = 0; n < lines; n += 1) console.log('line', n); return lines; };`,
      );
      await createFunction(client, { name: 'chatty', zip: chatty, Timeout: 60, MemorySize: 1769 });
      assert.equal((await invoke(client, 'chatty', { lines: 100_000 })).payload, 100_000);
      const logs = new CloudWatchLogsClient({
        endpoint: server.endpoint,
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      });
      let next = 0;
      for await (const page of paginateFilterLogEvents(
        { client: logs },
        { logGroupName: '/aws/lambda/chatty', filterPattern: 'line' },
      )) {
        for (const { message } of page.events ?? []) {
          assert.ok(message?.endsWith(`\tline ${next}\n`), `line ${next} is missing before ${message}`);
          next += 1;
        }
      }
      assert.equal(next, 100_000);
    });

    test('a bootstrap that speaks the Runtime API is a runtime', async () => {
      const bootstrap = `#!/bin/sh
while true; do
  headers=/tmp/headers.$$
  event=$(curl -sS -D $headers "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/next")
  id=$(tr -d '\\r' < $headers | sed -n 's/^[Ll]ambda-[Rr]untime-[Aa]ws-[Rr]equest-[Ii]d: //p')
  echo "handling $id"
  curl -sS -X POST "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/$id/response" -d "{\\"handler\\":\\"$_HANDLER\\",\\"event\\":$event}" > /dev/null
done
`;
      await createFunction(client, {
        name: 'custom',
        zip: zip([{ name: 'bootstrap', content: bootstrap, mode: 0o100755 }]),
        Runtime: 'provided.al2023',
        Handler: 'my.handler',
        Timeout: 10,
      });
      for (const n of [1, 2]) {
        const { payload, tail } = await invoke(client, 'custom', { n });
        assert.deepEqual(payload, { handler: 'my.handler', event: { n } });
        assert.match(
          tail,
          /START RequestId: (\S+) Version: \$LATEST\nhandling \1\nEND RequestId: \1\nREPORT RequestId: \1\t/,
        );
      }
    });

    if (!isolated) return;

    test('a function runs as nobody in particular, without capabilities', async () => {
      assert.deepEqual(await ask(`return [process.getuid(), process.getgid()]`), [993, 990]);
      const status = String(await ask(`return require('node:fs').readFileSync('/proc/self/status', 'utf8')`));
      assert.match(status, /CapEff:\t0000000000000000/);
      assert.match(status, /Seccomp:\t2/);
      assert.match(status, /NoNewPrivs:\t1/);
    });

    test('neither the data folder nor other processes are there', async () => {
      assert.ok(existsSync(server.dataDir));
      assert.equal(await ask(`return require('node:fs').existsSync(${JSON.stringify(server.dataDir)})`), false);
      const seen = await ask(
        `return require('node:fs').readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).length`,
      );
      assert.ok(Number(seen) < 6, `${seen} processes`);
      assert.ok(readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length > 6);
    });

    test('the loopback services of the machine do not answer, the endpoint does', async () => {
      const port = new URL(server.endpoint).port;
      const code = await ask(
        `try { await fetch('http://127.0.0.1:${port}/_lambent/health'); return 'answered' } catch (e) { return e.cause.code }`,
      );
      assert.equal(code, 'ECONNREFUSED');
      const health = await ask(`return (await fetch(process.env.AWS_ENDPOINT_URL + '/_lambent/health')).status`);
      assert.equal(health, 200);
    });
  });
}
