import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { StartError } from '../config/start-error.ts';
import { openIn, temporaryFolder } from './testing/folder.ts';
import { scope } from './testing/records.ts';

const problem = (expected: string, text: RegExp) => (error: unknown) => {
  assert.ok(error instanceof StartError, String(error));
  assert.equal(error.problem, expected);
  assert.match(error.message, text);
  return true;
};

/** A process that writes until it is killed, and says each write once it is acknowledged. */
function writingChild(t: TestContext, folder: string) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'testing', 'writes.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  return { child, lines: createInterface(child.stdout) };
}

test('the secret stays the same and is for its owner only', async (t) => {
  const folder = join(temporaryFolder(t), 'deep', 'down');
  const first = await openIn(folder);
  await first.close();
  const second = await openIn(folder);
  await second.close();
  assert.equal(first.serverSecret.length, 32);
  assert.deepEqual(first.serverSecret, second.serverSecret);
  const modes = ['server.secret', 'lambent.db', '.'].map((name) => statSync(join(folder, name)).mode & 0o777);
  assert.deepEqual(modes, [0o600, 0o600, 0o700]);
});

test('what was acknowledged survives kill -9, and so does the next start', async (t) => {
  const folder = temporaryFolder(t);
  const { child, lines } = writingChild(t, folder);
  const acknowledged: string[] = [];
  lines.on('line', (line) => {
    acknowledged.push(line);
    if (acknowledged.length === 300) child.kill('SIGKILL');
  });
  await once(lines, 'close');
  const store = await openIn(folder);
  t.after(() => store.close());
  const kept = new Set(store.functions.list({ ...scope, limit: 100_000 }).map(({ name }) => name));
  assert.deepEqual(
    acknowledged.filter((name) => !kept.has(name)),
    [],
  );
  assert.ok(acknowledged.length >= 300);
  const claim = () => store.async.claim(1, () => true);
  const events = new Set<string>();
  for (let event = claim(); event !== undefined; event = claim()) events.add(event.id);
  assert.deepEqual(
    acknowledged.filter((name) => !events.has(name)),
    [],
  );
});

test('a second server is told who has the folder', async (t) => {
  const folder = temporaryFolder(t);
  const { child, lines } = writingChild(t, folder);
  await once(lines, 'line');
  await assert.rejects(openIn(folder), problem('data-locked', new RegExp(`process ${child.pid} uses it`)));
  child.kill('SIGKILL');
  await once(child, 'exit');
  await (await openIn(folder)).close();
});

test('the same process cannot open a folder twice either', async (t) => {
  const folder = temporaryFolder(t);
  const store = await openIn(folder);
  await assert.rejects(openIn(folder), problem('data-locked', /stop that one/));
  await store.close();
  await (await openIn(folder)).close();
});

test('a file where the folder should be, a damaged database and a newer one are told apart', async (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, 'file');
  writeFileSync(file, 'x');
  await assert.rejects(openIn(file), problem('data-unwritable', /Cannot write/));
  await assert.rejects(openIn(join(file, 'below')), problem('data-unwritable', /choose another folder/));
  mkdirSync(join(folder, 'damaged'));
  writeFileSync(join(folder, 'damaged', 'lambent.db'), 'not a database, whatever its name says '.repeat(100));
  await assert.rejects(openIn(join(folder, 'damaged')), problem('data-damaged', /lambent\.db/));
  await (await openIn(join(folder, 'newer'))).close();
  const database = new DatabaseSync(join(folder, 'newer', 'lambent.db'));
  database.exec('PRAGMA user_version = 999');
  database.close();
  await assert.rejects(openIn(join(folder, 'newer')), problem('data-damaged', /version 999 .*or a newer one/));
});
