/** What stays behind: nothing, not even when the server is killed. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { systemClock } from '../../../../base/clock.ts';
import { until } from '../deadline.ts';
import { findControllers, groupFolders } from '../namespace/cgroup/controllers.ts';
import type { SandboxKind } from '../sandbox.ts';
import { Harness, type MakeKind, processesWith } from './harness.ts';

const victim = join(import.meta.dirname, 'victim.ts');

export function leftoverCases(name: SandboxKind['name'], make: MakeKind): void {
  test('A closed kind leaves no process, mount, control group, interface, firewall table or file', async () => {
    const before = machineState();
    const harness = await Harness.open(make);
    await harness.start('setInterval(() => {}, 1000)', { network: true });
    const sandbox = await harness.start('setInterval(() => {}, 1000)', { code: { task: harness.code('task', '') } });
    await sandbox.kill();
    await harness.kind.close();
    assert.deepEqual(
      readdirSync(harness.folder)
        .filter((entry) => entry === 'state')
        .flatMap((entry) => readdirSync(join(harness.folder, entry))),
      [],
    );
    await harness.close();
    await nothingIsLeft(before);
  });

  test('Environments that come and go leave nothing behind in a server that stays', async () => {
    const harness = await Harness.open(make);
    try {
      const come = async () => (await harness.start('', { network: true })).kill();
      await come();
      await systemClock.sleep(300);
      const before = machineState().length;
      for (let i = 0; i < 6; i++) await come();
      const settled = () => machineState().length <= before;
      assert.ok(await until(systemClock, 3_000, 50, settled), 'mounts, groups and interfaces are as many as before');
    } finally {
      await harness.close();
    }
  });

  test('A killed server leaves nothing running, and the next one removes the rest', async () => {
    const before = machineState();
    const harness = await Harness.open(make);
    const marker = `LAMBENT_CONTRACT_VICTIM_${process.pid}_${name}`;
    const server = spawn(process.execPath, [victim, name, harness.folder, marker], {
      // It cannot remove its own folder: that goes with ours.
      env: { ...process.env, TMPDIR: harness.folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await firstLine(server);
      assert.ok(processesWith(`${marker}=`).length >= 3);
      server.kill('SIGKILL');
      assert.ok(await until(systemClock, 3_000, 20, () => processesWith(`${marker}=`).length === 0), 'all are gone');
      assert.equal((await harness.run('console.log("next")')).output, 'next');
    } finally {
      server.kill('SIGKILL');
      await harness.close();
    }
    await nothingIsLeft(before);
  });

  test('When the launcher dies, its environments die, and the next one starts from a new launcher', async () => {
    const harness = await Harness.open(make);
    try {
      const others = shellsOfThisProcess();
      const sandbox = await harness.start('console.log("up"); setInterval(() => {}, 1000)');
      await once(sandbox.output, 'data');
      for (const pid of shellsOfThisProcess()) if (!others.includes(pid)) process.kill(pid, 'SIGKILL');
      assert.deepEqual(await sandbox.exited, { signal: 'SIGKILL' });
      assert.equal((await harness.run('console.log("again")')).output, 'again');
    } finally {
      await harness.close();
    }
  });

  test('A kind that closes while environments start leaves none behind', async () => {
    const before = machineState();
    const harness = await Harness.open(make);
    const marker = `LAMBENT_CONTRACT_CLOSING_${process.pid}_${name}`;
    const environment = { [marker]: '1' };
    const starting = [1, 2, 3].map(() => harness.start('setInterval(() => {}, 1000)', { environment }));
    const settled = Promise.allSettled(starting);
    await harness.kind.close();
    await settled;
    assert.deepEqual(processesWith(marker), []);
    await assert.rejects(harness.run(''), /the server is stopping/);
    await harness.close();
    await nothingIsLeft(before);
  });

  test('Two servers side by side do not disturb each other', async () => {
    const [one, two] = [await Harness.open(make), await Harness.open(make)];
    try {
      const first = await one.start('setInterval(() => console.log("alive"), 20)', { network: true });
      const second = await two.run('console.log("second")', { network: true });
      assert.equal(second.output, 'second');
      await two.close();
      await once(first.output, 'data');
    } finally {
      await Promise.all([one.close(), two.close()]);
    }
  });
}

function shellsOfThisProcess(): number[] {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim().split(' ');
  return children.map(Number).filter((pid) => pid > 0 && readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'sh');
}

async function firstLine(server: ChildProcess): Promise<void> {
  if (server.stdout) await once(createInterface({ input: server.stdout }), 'line');
}

/** Everything with our name on it, wherever the machine keeps such things, but for what other servers have. */
function machineState(): string[] {
  if (process.platform !== 'linux') return [];
  const servers = groupFolders(findControllers(), '').flatMap(entriesOf);
  const groups = servers.filter((path) => /\/lambent\d+$/.test(path)).flatMap((path) => [path, ...entriesOf(path)]);
  const all = [
    ...readFileSync('/proc/self/mountinfo', 'utf8').split('\n'),
    ...readdirSync('/sys/class/net'),
    ...entriesOf('/run/lambent').filter((path) => !path.endsWith('.lock')),
    ...groups,
    ...tables(),
  ];
  const theirs = numbersOfOthers();
  const number = (entry: string) => /lambent\/?(\d+)/.exec(entry)?.[1];
  return all.filter((entry) => number(entry) !== undefined && !theirs.includes(number(entry)));
}

/** Nothing for a folder that another server removes just now. */
function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).map((entry) => join(folder, entry));
  } catch {
    return [];
  }
}

/** A server's number is a lock: the kernel says who holds it. */
function numbersOfOthers(): (string | undefined)[] {
  const locks = readFileSync('/proc/locks', 'utf8').split('\n');
  const held = locks.map((line) => /FLOCK.* (\d+) \w+:\w+:(\d+) /.exec(line)).filter((found) => found !== null);
  const others = held.filter(([, pid]) => Number(pid) !== process.pid).map(([, , inode]) => Number(inode));
  const names = existsSync('/run/lambent') ? readdirSync('/run/lambent').filter((name) => name.endsWith('.lock')) : [];
  const taken = names.filter((name) => others.includes(statSync(join('/run/lambent', name)).ino));
  return taken.map((name) => name.replace('.lock', ''));
}

function tables(): string[] {
  try {
    return execFileSync('nft', ['list', 'tables'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes('lambent'));
  } catch {
    return [];
  }
}

/**
 * What was there before is somebody else's. The kernel takes a moment to remove a network namespace, and so does another
 * run of this suite to clean up after the server it killed.
 */
async function nothingIsLeft(before: readonly string[]): Promise<void> {
  let left: string[] = [];
  await until(systemClock, 5_000, 50, () => {
    left = machineState().filter((entry) => !before.includes(entry));
    return left.length === 0;
  });
  assert.deepEqual(left, []);
}
