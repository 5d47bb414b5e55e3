/** AWS's own runtime interface client for Python, unchanged, as a runtime of a function's own. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, describe, test } from 'node:test';
import { createFunction, invoke, lambdaClient } from '../harness/client.ts';
import { type Entry, zip } from '../harness/packages.ts';
import { startServer } from '../harness/server.ts';

const client = 'awslambdaric==4.2.2';
const installMsMax = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'lambent-ric-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const bootstrap = `#!/bin/sh
export PYTHONPATH="$LAMBDA_TASK_ROOT"
exec python3 -m awslambdaric "$_HANDLER"
`;
const app = `
import os
def echo(event, context):
    print("it runs", context.aws_request_id)
    return {"event": event, "trace": os.environ["_X_AMZN_TRACE_ID"], "left": context.get_remaining_time_in_millis() > 0}
def throws(event, context):
    raise ValueError("no good")
`;

function installed(): string | undefined {
  try {
    const words = ['-m', 'pip', 'install', '--quiet', '--only-binary', ':all:', '--target', folder, client];
    execFileSync('python3', words, { stdio: 'pipe', timeout: installMsMax });
    return undefined;
  } catch (error) {
    return `${client} cannot be installed here: ${String(error).split('\n')[0]}`;
  }
}

function filesBelow(path: string): Entry[] {
  return readdirSync(path).flatMap((name) => {
    const file = join(path, name);
    if (statSync(file).isDirectory()) return name === '__pycache__' ? [] : filesBelow(file);
    return [{ name: relative(folder, file), content: readFileSync(file), mode: 0o100755 }];
  });
}

describe("AWS's runtime client for Python", { skip: installed() ?? false }, () => {
  test('runs functions, tells their errors and finds no handler where there is none', async () => {
    await using server = await startServer();
    const lambda = lambdaClient(server.endpoint);
    const own = [
      { name: 'bootstrap', content: bootstrap, mode: 0o100755 },
      { name: 'app.py', content: app },
    ];
    const code = { zip: zip([...filesBelow(folder), ...own]), Runtime: 'provided.al2023' as const, MemorySize: 512 };
    for (const name of ['echo', 'throws', 'nowhere']) {
      await createFunction(lambda, { name, ...code, Handler: `app.${name}` });
    }
    for (let round = 0; round < 3; round += 1) {
      const { payload, tail } = await invoke(lambda, 'echo', { round });
      const { event, trace, left } = payload as Record<string, unknown>;
      assert.deepEqual([event, left], [{ round }, true]);
      assert.match(String(trace), /^Root=1-/);
      assert.match(tail, /it runs [0-9a-f-]{36}/);
    }
    const { error, payload } = await invoke(lambda, 'throws');
    assert.equal(error, 'Unhandled');
    assert.match(JSON.stringify(payload), /"errorMessage":"no good","errorType":"ValueError"/);
    assert.match(JSON.stringify((await invoke(lambda, 'nowhere')).payload), /Runtime.HandlerNotFound/);
  });
});
