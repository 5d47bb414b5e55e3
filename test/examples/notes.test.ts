/** `npm run example:notes`, and its page as people use it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { noBrowser, startBrowser } from '../harness/browser.ts';
import { startServer } from '../harness/server.ts';

const script = join(import.meta.dirname, '../../examples/notes.ts');
const listed = `[...document.querySelectorAll('li')].map((item) => item.firstChild.textContent)`;
const problem = `document.querySelector('#problem').textContent`;

test('notes are added, kept and removed on a page that one command deploys', { skip: noBrowser() }, async () => {
  await using server = await startServer();
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--endpoint', server.endpoint]);
  await using browser = await startBrowser();
  await browser.open(stdout.trim());
  const add = async (text: string) => {
    await browser.click('input');
    await browser.type(text);
    await browser.click('form button');
  };

  await add('milk');
  await browser.until(`${listed}.join() === 'milk'`);
  await add('<b>Ünïcode</b> & 🥚');
  await browser.until(`${listed}.length === 2`);
  await browser.open(stdout.trim());
  await browser.until(`${listed}.length === 2`);
  assert.deepEqual(await browser.evaluate(listed), ['milk', '<b>Ünïcode</b> & 🥚']);

  await browser.click('li button');
  await browser.until(`${listed}.length === 1`);
  await add('   ');
  await browser.until(`${problem} !== ''`);
  assert.equal(await browser.evaluate(problem), 'Expected {"text": …} with 1 to 1000 characters');
  await browser.open(stdout.trim());
  await browser.until(`${listed}.join() === '<b>Ünïcode</b> & 🥚'`);
  assert.deepEqual(browser.complaints, []);
});
