/** The notes as the function keeps them, through its own handler's routes and a real server. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { startServer } from '../test/harness/server.ts';

const root = join(import.meta.dirname, '..');

test('the notes example is deployed by one command, twice, and answers', async () => {
  await using server = await startServer();
  const deploy = () =>
    promisify(execFile)(join(root, 'bin', 'node'), ['examples/notes.ts', '--endpoint', server.endpoint], { cwd: root });
  const { stdout } = await deploy();
  assert.equal((await deploy()).stdout, stdout);
  const id = /^http:\/\/([a-z0-9]+)\.execute-api\./.exec(stdout)?.[1];
  const base = `${server.endpoint}/_lambent/apis/${id}/$default/`;
  const page = await fetch(base);
  assert.match(await page.text(), /<title>Notes<\/title>/);
  const post = (text: unknown) => fetch(`${base}notes`, { method: 'POST', body: JSON.stringify({ text }) });
  assert.equal((await post('')).status, 400);
  const made: { id: string } = JSON.parse(await (await post('buy milk')).text());
  assert.deepEqual(await (await fetch(`${base}notes`)).json(), [made]);
  assert.equal((await fetch(`${base}notes/${encodeURIComponent(made.id)}`, { method: 'DELETE' })).status, 204);
  assert.deepEqual(await (await fetch(`${base}notes`)).json(), []);
});
