/** Programs beside the command, as external extensions are. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { test } from 'node:test';
import type { Sandbox } from '../sandbox.ts';
import type { Harness } from './harness.ts';

const shell = (script: string) => ['/bin/sh', '-c', script];

async function withCompanions(harness: Harness, companions: readonly string[], command: string) {
  const sandbox = await harness.kind.start({
    ...harness.spec(''),
    command: shell(command),
    environment: { PATH: '/usr/bin:/bin', A: 'a', AWS_XRAY_CONTEXT_MISSING: 'x' },
    companions: companions.map((script, index) => ({ name: `companion ${index}`, command: shell(script) })),
  });
  assert.ok(sandbox.companions);
  return { sandbox, beside: sandbox.companions };
}

async function firstLine(output: Readable): Promise<string> {
  const [chunk] = await once(output, 'data');
  return String(chunk).trim();
}

async function killed(sandbox: Sandbox): Promise<void> {
  sandbox.output.resume();
  await sandbox.kill();
}

export function besideCases(harness: () => Harness): void {
  test('Companions run before the command does, each with an output of its own', async () => {
    const scripts = ['echo "one $A $LAMBENT_CHANNEL$AWS_XRAY_CONTEXT_MISSING."; exit 3', 'echo two >&2; exec sleep 60'];
    const { sandbox, beside } = await withCompanions(harness(), scripts, 'echo command; exit 5');
    const [one, two] = beside.all;
    assert.ok(one && two);
    assert.equal(await firstLine(one.output), 'one a .');
    assert.equal(await firstLine(two.output), 'two');
    assert.deepEqual(await one.exited, { code: 3, status: 3 });
    assert.equal(beside.commandPid, undefined);
    beside.startCommand();
    assert.equal(await firstLine(sandbox.output), 'command');
    assert.deepEqual(await beside.commandExited, { code: 5 });
    await killed(sandbox);
  });

  test('The command is asked to end, and killed, while its companions run on', async () => {
    const command = 'trap "echo asked" TERM; echo started; while :; do sleep 0.02; done';
    const { sandbox, beside } = await withCompanions(harness(), ['sleep 60'], command);
    beside.startCommand();
    assert.equal(await firstLine(sandbox.output), 'started');
    beside.terminateCommand();
    assert.equal(await firstLine(sandbox.output), 'asked');
    beside.killCommand();
    assert.deepEqual(await beside.commandExited, { signal: 'SIGKILL' });
    await killed(sandbox);
  });
}
