import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../../observe/log.ts';
import { Launcher, quote } from './launcher.ts';

const open = (lastWords = ':') => new Launcher({ lastWords, log: silentLog });

test('A quoted word reaches a program as it was', async () => {
  const launcher = open();
  const odd = `it's "odd" $HOME \`id\` \\ * ; # é`;
  const heard = new Promise((resolve) => launcher.listen('say', resolve));
  launcher.run(`printf 'say %s\\n' ${quote(odd)}`);
  assert.deepEqual(await heard, odd.split(' '));
  await launcher.close();
});

test('Execute rejects with what the code printed', async () => {
  const launcher = open();
  await launcher.execute('true');
  await assert.rejects(launcher.execute('echo one; echo two >&2; exit 3'), /Cannot prepare environments: one two/);
  await launcher.close();
});

test('Slow code does not hold up what comes after it', async () => {
  const launcher = open();
  const slow = launcher.execute('sleep 0.3').then(() => 'slow');
  const quick = launcher.execute('true').then(() => 'quick');
  assert.equal(await Promise.race([slow, quick]), 'quick');
  await slow;
  await launcher.close();
});

test('Code that waits for an answer hears when the launcher is gone', async () => {
  const launcher = open();
  const waiting = launcher.execute('sleep 1');
  launcher.run('exit 1');
  await assert.rejects(waiting);
  assert.equal(launcher.alive, false);
  await assert.rejects(launcher.execute('true'), /is gone/);
});
