/** AWS's own runtime clients, unmodified: each is fetched and built where its language and its registry are at hand. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { createFunction, invoke, lambdaClient } from '../harness/client.ts';
import { type Entry, zip } from '../harness/packages.ts';
import { startServer } from '../harness/server.ts';

const fixtures = join(import.meta.dirname, '../fixtures/clients');
// A registry that does not answer must not take the whole run's time.
const buildMsMax = 240_000;

interface Client {
  readonly name: string;
  /** What has to be on this machine. */
  readonly programs: readonly string[];
  readonly commands: readonly (readonly string[])[];
  /** The package, out of the folder in which it was built. */
  entries(folder: string): Entry[];
  readonly handler?: string;
  readonly memory?: number;
}

const executable = 0o100755;
const javaBootstrap = `#!/bin/sh
exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$LAMBDA_TASK_ROOT/classes:$LAMBDA_TASK_ROOT/lib/*" \\
  com.amazonaws.services.lambda.runtime.api.client.AWSLambda "$_HANDLER"
`;

const nodeBootstrap = '#!/bin/sh\nexec node node_modules/aws-lambda-ric/index.mjs "$_HANDLER"\n';

const clients: readonly Client[] = [
  {
    name: 'node',
    // Its installation compiles curl and a native addon: the better part of a minute.
    programs: ['node', 'npm', 'cmake', 'make', 'g++', 'python3'],
    commands: [['npm', 'install', '--no-audit', '--no-fund', '--no-package-lock']],
    entries: (folder) => [
      { name: 'bootstrap', content: nodeBootstrap, mode: executable },
      { name: 'index.mjs', content: readFileSync(join(folder, 'index.mjs')) },
      ...filesIn(folder, 'node_modules/aws-lambda-ric').filter(({ name }) =>
        /(\.mjs|\.node|package\.json)$/.test(name),
      ),
      ...filesIn(folder, 'node_modules/@aws/lambda-invoke-store'),
    ],
    handler: 'index.handler',
    memory: 512,
  },
  {
    name: 'go',
    programs: ['go'],
    commands: [['go', 'build', '-tags', 'lambda.norpc', '-o', 'bootstrap', '.']],
    entries: (folder) => [{ name: 'bootstrap', content: readFileSync(join(folder, 'bootstrap')), mode: executable }],
  },
  {
    name: 'rust',
    programs: ['cargo'],
    commands: [['cargo', 'build', '--quiet']],
    entries: (folder) => {
      return [{ name: 'bootstrap', content: readFileSync(join(folder, 'target/debug/bootstrap')), mode: executable }];
    },
  },
  {
    name: 'java',
    programs: ['java', 'javac', 'mvn'],
    commands: [
      ['mvn', '-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=lib'],
      ['javac', '--release', '11', '-cp', 'lib/*', '-d', 'classes', 'Handler.java'],
    ],
    entries: (folder) => [
      { name: 'bootstrap', content: javaBootstrap, mode: executable },
      ...filesIn(folder, 'lib'),
      ...filesIn(folder, 'classes'),
    ],
    memory: 512,
  },
];

for (const client of clients) {
  test(`the official client for ${client.name} runs as it is`, { timeout: buildMsMax + 60_000 }, async (t) => {
    const entries = await built(t, client);
    if (entries === undefined) return;
    await using server = await startServer();
    const lambda = lambdaClient(server.endpoint);
    const { handler: Handler = 'Handler', memory: MemorySize } = client;
    const more = { Runtime: 'provided.al2023', Handler, Timeout: 30, MemorySize } as const;
    await createFunction(lambda, { name: 'official', zip: zip(entries), ...more });
    for (const event of [{ a: 'é' }, [1, 2]]) {
      const { payload, tail } = await invoke(lambda, 'official', event);
      const requestId = /^START RequestId: (\S+)/m.exec(tail)?.[1];
      const arn = 'arn:aws:lambda:us-east-1:000000000000:function:official';
      assert.deepEqual(payload, { event, requestId, arn, function: 'official' });
    }
    const failed = await invoke(lambda, 'official', 'fail');
    assert.equal(failed.error, 'Unhandled');
    assert.match(JSON.stringify(failed.payload), /asked to fail/);
    // A failure that the client reports leaves its process as it is.
    assert.equal((await invoke(lambda, 'official', {})).error, undefined);
  });
}

/** Undefined, with the reason said, where it cannot be built here. */
async function built(t: TestContext, client: Client): Promise<Entry[] | undefined> {
  const missing: string[] = [];
  for (const program of client.programs) if (!(await there(program))) missing.push(program);
  if (missing.length > 0) {
    t.skip(`not on this machine: ${missing.join(', ')}`);
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), `lambent-client-${client.name}-`));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(fixtures, client.name), folder, { recursive: true });
  mkdirSync(join(folder, 'classes'), { recursive: true });
  try {
    for (const [program = '', ...words] of client.commands) {
      const env = { ...process.env, CGO_ENABLED: '0' };
      await promisify(execFile)(program, words, { cwd: folder, env, timeout: buildMsMax });
    }
  } catch (error) {
    t.skip(`cannot be built here: ${String(error).slice(0, 300)}`);
    return undefined;
  }
  return client.entries(folder);
}

async function there(program: string): Promise<boolean> {
  return promisify(execFile)('sh', ['-c', `command -v ${program}`]).then(
    () => true,
    () => false,
  );
}

function filesIn(folder: string, inner: string): Entry[] {
  return readdirSync(join(folder, inner), { recursive: true })
    .map((path) => join(inner, String(path)))
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((name) => ({ name, content: readFileSync(join(folder, name)) }));
}
