/** The contract runs with the control groups this machine has; here, how it goes with fewer. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { Harness, processesWith } from '../contract/harness.ts';
import { type Controllers, findControllers } from './cgroup/controllers.ts';
import { createNamespaceKind } from './namespace-kind.ts';

const skip = (process.platform !== 'linux' || process.getuid?.() !== 0) && 'namespaces need Linux and root';

function legacyOnly(): Controllers {
  const { memory, cpu, pids } = findControllers();
  const freezer = { version: 1, folder: '/sys/fs/cgroup/freezer' } as const;
  return { memory, cpu, pids, freezer };
}

const machines: readonly { name: string; controllers: () => Controllers; freezes: boolean; skip: string | false }[] = [
  { name: 'without control groups', controllers: () => ({}), freezes: false, skip },
  {
    name: 'with version 1 alone',
    controllers: legacyOnly,
    freezes: true,
    skip: skip || (findControllers().memory?.version !== 1 && 'this machine has no version 1'),
  },
];

for (const { name, controllers, freezes, skip: skipped } of machines) {
  describe(`a machine ${name}`, { skip: skipped }, () => {
    let harness: Harness;
    before(async () => {
      harness = await Harness.open((options) => createNamespaceKind({ ...options, findControllers: controllers }));
    });
    after(() => harness?.close());

    test('It works, and promises what it can hold', async () => {
      assert.deepEqual(await harness.kind.probe(), { works: true });
      const { memoryLimit, freeze, ownUser } = harness.kind.guarantees;
      assert.deepEqual({ memoryLimit, freeze, ownUser }, { memoryLimit: freezes, freeze: freezes, ownUser: true });
    });

    test('A kill takes everything, also what is frozen', async () => {
      const marker = `LAMBENT_CONTRACT_${process.pid}_${freezes}`;
      const sandbox = await harness.start('', {
        environment: { PATH: '/usr/bin:/bin', [marker]: '1' },
        command: ['/bin/sh', '-c', 'setsid sleep 60 & echo on; sleep 60'],
      });
      await once(sandbox.output, 'data');
      sandbox.setMemoryLimit(64 << 20);
      sandbox.setCpuLimit(0.5);
      sandbox.freeze();
      await sandbox.kill();
      assert.deepEqual(await sandbox.exited, { signal: 'SIGKILL' });
      assert.deepEqual(processesWith(marker), []);
      assert.equal(sandbox.memoryPeak() > 0, freezes);
    });
  });
}

/** Rights are a process's: it takes one of its own to go without. */
test('a server that may not change its root starts environments all the same', { skip }, () => {
  const script = `
    import { mkdtempSync, rmSync } from 'node:fs';
    import { systemClock } from '${import.meta.dirname}/../../../../base/clock.ts';
    import { createNamespaceKind } from '${import.meta.dirname}/namespace-kind.ts';
    const stateDir = mkdtempSync('/tmp/lambent-rights-');
    const log = Object.fromEntries(['debug', 'info', 'warn', 'error'].map((level) => [level, () => {}]));
    const kind = createNamespaceKind({ clock: systemClock, log, stateDir, awsPort: 4566 });
    console.log(JSON.stringify(await kind.probe()));
    await kind.close();
    rmSync(stateDir, { recursive: true });`;
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script];
  const said = execFileSync('setpriv', ['--bounding-set=-sys_chroot', ...node], { encoding: 'utf8', timeout: 60_000 });
  assert.deepEqual(JSON.parse(said), { works: true });
});
