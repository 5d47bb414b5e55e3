/** What a person is told when the server cannot start, and that it stops as asked. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { DeleteFunctionCommand } from '@aws-sdk/client-lambda';
import { createFunction, invoke, lambdaClient } from '../harness/client.ts';
import { nodePackage } from '../harness/packages.ts';
import { failToStart, startServer } from '../harness/server.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'lambent-start-'));

test('a second server on the same data folder is told who has it', async () => {
  await using server = await startServer();
  const { code, said } = await failToStart(['up', '--port', '0', '--data', server.dataDir]);
  assert.equal(code, 75, said);
  assert.match(said, /another|already|in use/i);
});

test('a port that is taken is named', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const data = folder();
  try {
    const { code, said } = await failToStart(['up', '--port', String(port), '--data', data]);
    assert.equal(code, 76, said);
    assert.match(said, new RegExp(`port ${port}`));
  } finally {
    other.close();
    rmSync(data, { recursive: true });
  }
});

test('a data folder that is a file, or that holds no database of ours, is said so', async () => {
  const data = folder();
  try {
    writeFileSync(join(data, 'file'), '');
    const asFile = await failToStart(['up', '--port', '0', '--data', join(data, 'file')]);
    assert.ok(asFile.code === 73 || asFile.code === 74, `${asFile.code} ${asFile.said}`);
    writeFileSync(join(data, 'lambent.db'), 'this is no database, whatever its name says'.repeat(100));
    const damaged = await failToStart(['up', '--port', '0', '--data', data]);
    assert.ok(damaged.code === 73 || damaged.code === 74, `${damaged.code} ${damaged.said}`);
    assert.match(damaged.said, /lambent\.db/);
  } finally {
    rmSync(data, { recursive: true });
  }
});

test('a flag that does not exist and a value that is none are refused', async () => {
  assert.equal((await failToStart(['up', '--prot', '1'])).code, 64);
  const { code, said } = await failToStart(['up', '--port', 'many']);
  assert.equal(code, 64);
  assert.match(said, /--port/);
});

test('an address that others reach is refused without signatures', async () => {
  const args = ['up', '--port', '0', '--host', '0.0.0.0', '--auth', 'open', '--data', '/nowhere'];
  const { code, said } = await failToStart(args);
  assert.equal(code, 78, said);
  assert.match(said, /--allow-open-network/);
});

test('SIGTERM lets a running invocation finish', async () => {
  await using server = await startServer();
  const client = lambdaClient(server.endpoint);
  const slow = nodePackage(
    'exports.handler = async () => { await new Promise((r) => setTimeout(r, 1500)); return 1; };',
  );
  await createFunction(client, { name: 'slow', zip: slow, Timeout: 10 });
  const running = invoke(client, 'slow');
  await new Promise((resolve) => setTimeout(resolve, 500));
  const stopped = server.stop();
  assert.equal((await running).payload, 1);
  assert.equal(await stopped, 0);
});

test('a start removes the packages that no function needs, and keeps the others', async () => {
  const dataDir = folder();
  try {
    const keptIn = (name: string) => readdirSync(join(dataDir, 'code', name)).map((each) => each.slice(0, 64));
    {
      await using server = await startServer({ dataDir });
      const client = lambdaClient(server.endpoint);
      for (const name of ['goes', 'stays']) {
        await createFunction(client, { name, zip: nodePackage(`exports.handler = async () => '${name}';`) });
        assert.equal((await invoke(client, name)).payload, name);
      }
      await client.send(new DeleteFunctionCommand({ FunctionName: 'goes' }));
      assert.equal(keptIn('zip').length, 2, 'what was just put is spared');
    }
    await using server = await startServer({ dataDir });
    for (let n = 0; n < 100 && keptIn('unpacked').length > 1; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.deepEqual([keptIn('zip').length, keptIn('unpacked').length], [1, 1]);
    assert.equal((await invoke(lambdaClient(server.endpoint), 'stays')).payload, 'stays');
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
