/** How functions fail, as the caller and the log see it (reference: lambda-semantics 2.2, 2.3). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { createFunction, invoke, lambdaClient } from '../harness/client.ts';
import { zip } from '../harness/packages.ts';
import { type Server, startServer } from '../harness/server.ts';

const fixtures = join(import.meta.dirname, '../fixtures');
const file = (path: string) => readFileSync(join(fixtures, path));
const packages = {
  nodejs: zip([
    { name: 'index.js', content: file('nodejs/index.js') },
    { name: 'broken.js', content: file('nodejs/broken.js') },
  ]),
  python: zip([
    { name: 'app.py', content: file('python/app.py') },
    { name: 'broken.py', content: file('python/broken.py') },
  ]),
};

const noBootstrap = {
  'without a bootstrap': { name: 'other', content: '#!/bin/sh', mode: 0o100755 },
  'whose bootstrap may not be executed': { name: 'bootstrap', content: '#!/bin/sh', mode: 0o100644 },
  'whose bootstrap is a folder': { name: 'bootstrap/file', content: 'x', mode: 0o100755 },
};

interface Case {
  readonly family: keyof typeof packages;
  readonly handler: string;
  readonly payload?: unknown;
  readonly body: RegExp;
  readonly log?: RegExp;
  readonly timeout?: number;
  /** Where only a kind that limits memory can tell. */
  readonly needsMemoryLimit?: boolean;
}

const runtimes = { nodejs: 'nodejs26.x', python: 'python3.11' };
const id = '[0-9a-f-]{36}';

const cases: Case[] = [
  {
    family: 'nodejs',
    handler: 'index.throws',
    body: /^{"errorType":"RangeError","errorMessage":"out of range","trace":\["RangeError: out of range"," {4}at /,
  },
  { family: 'nodejs', handler: 'index.rejects', body: /^{"errorType":"Error","errorMessage":"rejected"/ },
  {
    family: 'nodejs',
    handler: 'index.throwsAString',
    body: /^{"errorType":"string","errorMessage":"just text","trace":\[\]}$/,
  },
  {
    family: 'nodejs',
    handler: 'index.throwsLater',
    body: /^{"errorType":"Error","errorMessage":"thrown from a timer"/,
  },
  { family: 'nodejs', handler: 'index.rejectsLater', body: /^{"errorType":"Runtime.UnhandledPromiseRejection"/ },
  { family: 'nodejs', handler: 'index.returnsACircle', body: /"errorMessage":"Unable to stringify response body"/ },
  {
    family: 'nodejs',
    handler: 'index.neverReturns',
    timeout: 1,
    body: new RegExp(
      `^{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: ${id} Error: Task timed out after 1.00 seconds"}$`,
    ),
    log: new RegExp(`Z ${id} Task timed out after 1.00 seconds\n\nEND RequestId: ${id}\nREPORT .*\tStatus: timeout\n$`),
  },
  {
    family: 'nodejs',
    handler: 'index.loopsForEver',
    timeout: 1,
    body: /Sandbox\.Timedout/,
    log: /INFO\tabout to loop/,
  },
  {
    family: 'nodejs',
    handler: 'index.exitsWith3',
    body: new RegExp(
      `^{"errorType":"Runtime.ExitError","errorMessage":"RequestId: ${id} Error: Runtime exited with error: exit status 3"}$`,
    ),
    log: /Runtime exited with error: exit status 3\nRuntime\.ExitError\n.*END.*\nREPORT .*Status: error\tError Type: Runtime\.ExitError\n$/s,
  },
  {
    family: 'nodejs',
    handler: 'index.exitsWith0',
    body: /Runtime\.ExitError.*Runtime exited without providing a reason/,
  },
  {
    family: 'nodejs',
    handler: 'index.killsItself',
    body: /Runtime\.ExitError.*Runtime exited with error: signal: killed/,
  },
  {
    family: 'nodejs',
    handler: 'index.missing',
    body: /^{"errorType":"Runtime.HandlerNotFound","errorMessage":"index.missing is undefined or not exported"/,
  },
  {
    family: 'nodejs',
    handler: 'absent.handler',
    body: /^{"errorType":"Runtime.ImportModuleError","errorMessage":"Error: Cannot find module 'absent'/,
  },
  {
    family: 'nodejs',
    handler: 'broken.handler',
    body: /^{"errorType":"Runtime.UserCodeSyntaxError","errorMessage":"SyntaxError: /,
  },
  {
    family: 'nodejs',
    handler: 'index.answersBytes',
    payload: { bytes: 7_000_000 },
    timeout: 10,
    body: /^{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded maximum allowed payload size \(6291556 bytes\)."}$/,
  },
  {
    family: 'nodejs',
    handler: 'index.allocates',
    payload: { megabytes: 400 },
    timeout: 20,
    needsMemoryLimit: true,
    body: /^{"errorType":"Runtime.OutOfMemory","errorMessage":"RequestId: .* Error: Runtime exited with error: signal: killed"}$/,
    log: /Max Memory Used: 128 MB\t.*Status: error\tError Type: Runtime\.OutOfMemory/,
  },
  {
    family: 'python',
    handler: 'app.throws',
    body: /^{"errorMessage": ?"no such value", ?"errorType": ?"ValueError", ?"requestId": ?"[0-9a-f-]{36}", ?"stackTrace": ?\[" {2}File \\"/,
  },
  { family: 'python', handler: 'app.never_returns', timeout: 1, body: /Sandbox\.Timedout/, log: /about to sleep/ },
  { family: 'python', handler: 'app.exits_with_3', body: /Runtime exited with error: exit status 3/ },
  { family: 'python', handler: 'app.kills_itself', body: /signal: killed/ },
  { family: 'python', handler: 'app.missing', body: /Runtime\.HandlerNotFound/ },
  {
    family: 'python',
    handler: 'absent.handler',
    body: /"Unable to import module 'absent': No module named 'absent'".*Runtime\.ImportModuleError/,
  },
  { family: 'python', handler: 'broken.handler', body: /Runtime\.UserCodeSyntaxError/ },
  { family: 'python', handler: 'app.returns_a_set', body: /Runtime\.MarshalError/ },
  {
    family: 'python',
    handler: 'app.answers_bytes',
    payload: { bytes: 7_000_000 },
    timeout: 10,
    body: /Function\.ResponseSizeTooLarge/,
  },
  {
    family: 'python',
    handler: 'app.allocates',
    payload: { megabytes: 400 },
    timeout: 20,
    needsMemoryLimit: true,
    body: /Runtime\.OutOfMemory/,
  },
];

for (const sandbox of ['namespace', 'process'] as const) {
  const root = process.getuid?.() === 0;
  const skip = sandbox === 'namespace' && !root ? 'the namespace sandbox needs root' : false;
  describe(`in the ${sandbox} sandbox`, { skip }, () => {
    let server: Server;
    let client: LambdaClient;
    before(async () => {
      server = await startServer({ flags: ['--sandbox', sandbox] });
      client = lambdaClient(server.endpoint);
    });
    after(() => server[Symbol.asyncDispose]());

    for (const [index, { family, handler, payload, body, log, timeout = 5, needsMemoryLimit }] of cases.entries()) {
      if (needsMemoryLimit && sandbox === 'process') continue;
      test(`${family} ${handler}`, async () => {
        const name = `f-${index}`;
        const configuration = { Runtime: runtimes[family] as never, Handler: handler, Timeout: timeout };
        await createFunction(client, { name, zip: packages[family], ...configuration });
        const { status, error, payload: answer, tail } = await invoke(client, name, payload);
        assert.deepEqual([status, error], [200, 'Unhandled']);
        assert.match(JSON.stringify(answer), body);
        if (log !== undefined) assert.match(tail, log);
        assert.match(tail, new RegExp(`REPORT RequestId: ${id}\tDuration: `));
      });
    }

    for (const [what, entry] of Object.entries(noBootstrap)) {
      test(`a custom runtime ${what}`, async () => {
        const name = what.replaceAll(' ', '-');
        await createFunction(client, { name, zip: zip([entry]), Runtime: 'provided.al2023', Handler: 'any' });
        const { status, error, payload, tail } = await invoke(client, name);
        assert.deepEqual([status, error], [200, 'Unhandled']);
        const text = "Couldn't find valid bootstrap\\(s\\): \\[/var/task/bootstrap /opt/bootstrap\\]";
        const body = `^{"errorType":"Runtime.InvalidEntrypoint","errorMessage":"RequestId: ${id} Error: ${text}"}$`;
        assert.match(JSON.stringify(payload), new RegExp(body));
        assert.match(tail, new RegExp(`RequestId: ${id} Error: ${text}\nRuntime.InvalidEntrypoint\n`));
        assert.match(tail, /REPORT .*Status: error\tError Type: Runtime.InvalidEntrypoint\n$/);
      });
    }
  });
}
