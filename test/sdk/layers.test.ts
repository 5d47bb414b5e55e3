/** Layers, as functions find them: with the SDK against a live server, started cold and out of waiting runtimes. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  DeleteFunctionCommand,
  DeleteLayerVersionCommand,
  GetFunctionConfigurationCommand,
  GetLayerVersionByArnCommand,
  type LambdaClient,
  ListLayersCommand,
  PublishLayerVersionCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { Interpreters } from '../../src/lambda/runtimes/python/interpreters.ts';
import { createFunction, invoke, lambdaClient } from '../harness/client.ts';
import { type Entry, nodePackage, zip } from '../harness/packages.ts';
import { startServer } from '../harness/server.ts';

const executable = 0o100755;
const pythons = [13, 12, 11, 10, 9, 14].map((minor) => `3.${minor}`);
const python = pythons.find((version) => new Interpreters([]).find(version) !== undefined);

async function publish(client: LambdaClient, LayerName: string, entries: readonly Entry[]): Promise<string> {
  const published = await client.send(
    new PublishLayerVersionCommand({ LayerName, Content: { ZipFile: zip(entries) } }),
  );
  return published.LayerVersionArn ?? '';
}

const dependency = (folder: string, says: string): Entry[] => [
  { name: `${folder}/node_modules/dep/package.json`, content: '{"exports":{"import":"./m.mjs","require":"./c.cjs"}}' },
  { name: `${folder}/node_modules/dep/m.mjs`, content: `export const says = '${says} as a module';` },
  { name: `${folder}/node_modules/dep/c.cjs`, content: `exports.says = '${says}';` },
];
const tool = (says: string): Entry => ({ name: 'bin/tool', content: `#!/bin/sh\necho ${says}\n`, mode: executable });

const required = nodePackage(`
  const { execFileSync } = require('node:child_process');
  const { says } = require('dep');
  exports.handler = async () => ({ says, module: (await import('dep')).says, tool: String(execFileSync('tool')).trim() });`);
const imported = zip([
  { name: 'index.mjs', content: `import { says } from 'dep'; export const handler = async () => ({ says });` },
]);

test('a Node.js function requires, imports and runs what its layers bring; later layers win; deletion and restart change nothing', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lambent-layers-'));
  try {
    {
      await using server = await startServer({ dataDir });
      const client = lambdaClient(server.endpoint);
      const first = await publish(client, 'first', [...dependency('nodejs', 'first'), tool('first tool')]);
      const second = await publish(client, 'second', [tool('second tool')]);
      const newer = await publish(client, 'newer', dependency('nodejs/node26', 'of this line'));
      await createFunction(client, { name: 'node', zip: required, Layers: [first, second] });
      const expected = { says: 'first', module: 'first as a module', tool: 'second tool' };
      assert.deepEqual((await invoke(client, 'node')).payload, expected);
      await createFunction(client, { name: 'module', zip: imported, Layers: [second, first, newer] });
      assert.deepEqual((await invoke(client, 'module')).payload, { says: 'of this line as a module' });

      await relayer(client, 'node', [second, first]);
      assert.deepEqual((await invoke(client, 'node')).payload, { ...expected, tool: 'first tool' });
      await relayer(client, 'node', [first, second]);
      for (const LayerName of ['first', 'second', 'newer']) {
        await client.send(new DeleteLayerVersionCommand({ LayerName, VersionNumber: 1 }));
      }
      await assert.rejects(client.send(new GetLayerVersionByArnCommand({ Arn: first })), {
        name: 'ResourceNotFoundException',
      });
      assert.deepEqual((await client.send(new ListLayersCommand({}))).Layers, []);
      assert.deepEqual((await invoke(client, 'node')).payload, expected);
    }
    await using server = await startServer({ dataDir });
    const client = lambdaClient(server.endpoint);
    const expected = { says: 'first', module: 'first as a module', tool: 'second tool' };
    assert.deepEqual((await invoke(client, 'node')).payload, expected);
    assert.match(await publish(client, 'first', [tool('again')]), /:2$/);
    await relayer(client, 'node', []);
    const without = await client.send(new GetFunctionConfigurationCommand({ FunctionName: 'node' }));
    assert.equal(without.Layers, undefined);
    assert.equal((await invoke(client, 'node')).error, 'Unhandled');
    await client.send(new DeleteFunctionCommand({ FunctionName: 'node' }));
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

async function relayer(client: LambdaClient, FunctionName: string, Layers: string[]): Promise<void> {
  await client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Layers }));
  await waitUntilFunctionUpdatedV2({ client, maxWaitTime: 30, minDelay: 0.05, maxDelay: 0.5 }, { FunctionName });
}

test('a wrapper script and a bootstrap may come from a layer', async () => {
  await using server = await startServer();
  const client = lambdaClient(server.endpoint);
  const wrapper = { name: 'wrap', content: '#!/bin/sh\nexport WRAPPED=yes\nexec "$@"\n', mode: executable };
  const bootstrap = {
    name: 'bootstrap',
    content: `#!/bin/sh
      api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
      while :; do
        id=$(curl -sS -D - -o /tmp/event "$api/next" | tr -d '\\r' | sed -n 's/^[Ll]ambda-[Rr]untime-[Aa]ws-[Rr]equest-[Ii]d: //p')
        curl -sS -X POST -d '"from the layer"' "$api/$id/response" >/dev/null
      done`,
    mode: executable,
  };
  const Layers = [await publish(client, 'start', [wrapper, bootstrap])];
  const source = 'exports.handler = async () => process.env.WRAPPED;';
  const Environment = { Variables: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/wrap' } };
  await createFunction(client, { name: 'wrapped', zip: nodePackage(source), Layers, Environment });
  assert.equal((await invoke(client, 'wrapped')).payload, 'yes');
  await createFunction(client, { name: 'own', zip: nodePackage(''), Layers, Runtime: 'provided.al2023' });
  assert.equal((await invoke(client, 'own')).payload, 'from the layer');
});

test('a Python function imports from its layers', { skip: python === undefined }, async () => {
  await using server = await startServer();
  const client = lambdaClient(server.endpoint);
  const site = `python/lib/python${python}/site-packages`;
  const Layers = [
    await publish(client, 'plain', [
      { name: 'python/dep.py', content: 'says = "plain"' },
      { name: 'python/other.py', content: 'says = "other"' },
    ]),
    await publish(client, 'site', [{ name: `${site}/dep.py`, content: 'says = "site"' }]),
  ];
  const source = 'import dep, other\ndef handler(event, context):\n    return [dep.says, other.says]\n';
  const code = zip([{ name: 'app.py', content: source }]);
  const Runtime = `python${python}` as 'python3.13'; // one of those looked for above
  await createFunction(client, { name: 'python', zip: code, Runtime, Handler: 'app.handler', Layers });
  assert.deepEqual((await invoke(client, 'python')).payload, ['site', 'other']);
});
