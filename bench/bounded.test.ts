import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { bounded } from './bounded.ts';
import type { Case, Run } from './cases/case.ts';
import { Children } from './children.ts';

function theRun(): Run {
  return { root: '', folder: tmpdir(), children: new Children(), quick: true, say: () => {} };
}

function theCase(secondsMax: number, run: Case['run']): Case {
  return { title: '', method: '', secondsMax, run };
}

test('a case past its time is a row that says so, and what it started has ended', async () => {
  const child = spawn('/bin/sleep', ['60'], { detached: true });
  const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  const never = theCase(0.05, ({ children }) => {
    children.adopt(child);
    return new Promise(() => {});
  });
  const rows = await bounded(never, theRun());
  assert.deepEqual(rows, [{ subject: 'lambent', of: '', rounds: [], note: 'abandoned: not done after 0.05 s' }]);
  assert.equal(await ended, 'SIGTERM');
});

test('what an abandoned case starts afterwards does not run', async () => {
  const run = theRun();
  await bounded(
    theCase(0.01, () => new Promise(() => {})),
    run,
  );
  const options = { cwd: '/', logFile: '/dev/null', readyLine: /x/, readyMsMax: 1000 };
  await assert.rejects(run.children.start('/bin/true', [], options), /Cannot start \/bin\/true: its case is over/);
});

test('a case that throws is a row that says why', async () => {
  const rows = await bounded(
    theCase(30, () => Promise.reject(new Error('no such thing'))),
    theRun(),
  );
  assert.deepEqual(rows, [{ subject: 'lambent', of: '', rounds: [], note: 'no such thing' }]);
});
