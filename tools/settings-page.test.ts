import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { exitCodes } from '../src/cli/exit.ts';
import { startProblems } from '../src/config/start-error.ts';
import { settingsPage } from './settings-page.ts';

const docs = join(import.meta.dirname, '..', 'docs');

test('docs/settings.md is what the table says; run `npm run docs` when it is not', () => {
  assert.equal(readFileSync(join(docs, 'settings.md'), 'utf8'), settingsPage());
});

test('every reason not to start has a page in docs/errors', () => {
  for (const problem of startProblems) {
    assert.ok(existsSync(join(docs, 'errors', `${problem}.md`)), `docs/errors/${problem}.md is missing`);
  }
});

test('docs/operations.md explains every exit code', () => {
  const page = readFileSync(join(docs, 'operations.md'), 'utf8');
  const unexplained = Object.values(exitCodes).filter((code) => !page.includes(`| ${code} |`));
  assert.deepEqual(unexplained, []);
});
