/** What a kind holds, case by case; a kind that does not hold it must say so, and then the same case shows that it does not. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Harness, processesWith } from './harness.ts';

export function isolationCases(harness: () => Harness): void {
  test('One function cannot read the code of another, nor its socket, nor the data directory', async () => {
    const other = harness().code('other-function', 'a secret of another function');
    const running = await harness().start('setInterval(() => {}, 1000)', { code: { task: other } });
    const paths = [join(other, 'index.js'), join(harness().folder, 'state'), '/root', '/run/lambent/0'];
    const { output } = await harness().run(
      `import fs from 'node:fs';
       const see = (path) => { try { fs.statSync(path); return 'seen'; } catch (error) { return error.code; } };
       console.log(${JSON.stringify(paths)}.map(see).join(' '))`,
    );
    await running.kill();
    if (harness().kind.guarantees.ownFileSystem) assert.equal(output, 'ENOENT ENOENT ENOENT ENOENT');
    else assert.match(output, /^seen/);
  });

  test('Another user of this machine cannot read what environments are shown', async () => {
    if (!harness().kind.guarantees.ownFileSystem) return;
    const task = harness().code('shown', 'a secret of this machine');
    const running = await harness().start('setInterval(() => {}, 1000)', { code: { task } });
    const [shown] = readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .filter((line) => line.includes(task))
      .map((line) => line.split(' ')[4]);
    assert.ok(shown, 'the code is mounted somewhere');
    const asNobody = spawnSync('cat', [join(shown, 'index.js')], { uid: 65_534, gid: 65_534, encoding: 'utf8' });
    await running.kill();
    assert.match(asNobody.stderr, /Permission denied/);
  });

  test('Only /tmp can be written', async () => {
    if (!harness().kind.guarantees.ownFileSystem) return;
    const { output } = await harness().run(
      `import fs from 'node:fs';
       const write = (folder) => {
         try { fs.writeFileSync(folder + '/lambent-contract', ''); return 'written'; } catch (error) { return error.code; }
       };
       const folders = ['', '/usr', '/etc', '/dev', '/dev/shm', '/var', '/var/task', '/opt', '/run/lambent', '/var/lang/bin'];
       console.log([...new Set(folders.map(write))].join(' '), write('/tmp'))`,
    );
    assert.equal(output, 'EROFS written');
  });

  test('Other processes can be neither seen nor signalled', async () => {
    const { output } = await harness().run(
      `import fs from 'node:fs';
       const pids = fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name));
       let signal = 'sent'; try { process.kill(${process.pid}, 0); } catch (error) { signal = error.code; }
       console.log(pids.length, signal)`,
    );
    if (harness().kind.guarantees.ownProcesses) assert.equal(output, '2 ESRCH');
    else assert.match(output, / sent$/);
  });

  test('More memory than the limit ends it, and the kernel counts why', async () => {
    const { memoryLimit } = harness().kind.guarantees;
    const sandbox = await harness().start(
      'const kept = []; for (let i = 0; i < 40; i++) kept.push(Buffer.alloc(8 << 20, 1)); console.log("survived")',
      { memoryBytes: 128 << 20 },
    );
    const { output, reason } = await harness().finish(sandbox);
    if (!memoryLimit) {
      assert.equal(output, 'survived');
      return;
    }
    assert.deepEqual(reason, { signal: 'SIGKILL' });
    assert.equal(sandbox.outOfMemoryKills(), 1);
    assert.ok(sandbox.memoryPeak() <= 128 << 20);
    assert.ok(sandbox.memoryPeak() > 100 << 20);
  });

  test('A limit set late holds too', async () => {
    if (!harness().kind.guarantees.memoryLimit) return;
    const sandbox = await harness().start(
      'process.stdout.write("up"); setTimeout(() => { globalThis.kept = Buffer.alloc(200 << 20, 1); }, 50)',
    );
    sandbox.setMemoryLimit(100 << 20);
    const { reason } = await harness().finish(sandbox);
    assert.deepEqual(reason, { signal: 'SIGKILL' });
    assert.equal(sandbox.outOfMemoryKills(), 1);
  });

  test('A fork bomb is held', async () => {
    if (!harness().kind.guarantees.processLimit) return;
    const { output } = await harness().run('', {
      command: ['/bin/sh', '-c', 'i=0; while [ $i -lt 1200 ]; do sleep 5 & i=$((i+1)); done; echo all'],
    });
    assert.match(output, /fork/i);
    assert.doesNotMatch(output, /^all$/m);
  });

  test('/tmp holds what was asked for and not more', async () => {
    if (!harness().kind.guarantees.tmpLimit) return;
    const { output } = await harness().run(
      `import fs from 'node:fs';
       const chunk = Buffer.alloc(1 << 20, 1);
       let written = 0;
       try { for (; written < 64; written++) fs.appendFileSync('/tmp/big', chunk); } catch (error) { console.log(error.code, written) }`,
      { tmpBytes: 32 << 20 },
    );
    const [, code, written] = /^(\w+) (\d+)$/.exec(output) ?? [];
    assert.equal(code, 'ENOSPC');
    assert.ok(Number(written) >= 30 && Number(written) <= 32, `wrote ${written} MB of 32`);
  });

  test('What is written to /tmp does not count as memory', async () => {
    if (!harness().kind.guarantees.tmpLimit) return;
    const sandbox = await harness().start(
      `import fs from 'node:fs';
       const chunk = Buffer.alloc(1 << 20, 1);
       for (let i = 0; i < 200; i++) fs.appendFileSync('/tmp/big', chunk);
       console.log('written')`,
      { tmpBytes: 256 << 20, memoryBytes: 128 << 20 },
    );
    assert.deepEqual(await harness().finish(sandbox), { output: 'written', reason: { code: 0 } });
    assert.equal(sandbox.outOfMemoryKills(), 0);
    assert.ok(sandbox.memoryPeak() < 100 << 20, `peak ${sandbox.memoryPeak() >> 20} MB`);
  });

  test('/tmp is private: another environment does not see what one wrote', async () => {
    if (!harness().kind.guarantees.ownFileSystem) return;
    await harness().run(`import fs from 'node:fs'; fs.writeFileSync('/tmp/mine', '')`);
    const { output } = await harness().run(`import fs from 'node:fs'; console.log(fs.readdirSync('/tmp').length)`);
    assert.equal(output, '0');
  });

  test('New namespaces and mounts are refused', async () => {
    if (!harness().kind.guarantees.systemCallFilter) return;
    const attempt = (command: string) => `${command} 2>/dev/null && echo ${command} worked`;
    const script = ['unshare --user true', 'unshare --net true', 'mount -t tmpfs none /tmp', 'umount /tmp'].map(
      attempt,
    );
    const { output } = await harness().run('', { command: ['/bin/sh', '-c', `${script.join('; ')}; echo done`] });
    assert.equal(output, 'done');
  });

  test('The user is nobody on this machine, without capabilities, in no new privileges and under a filter', async () => {
    if (!harness().kind.guarantees.ownUser) return;
    const marker = `LAMBENT_CONTRACT_USER_${process.pid}`;
    const environment = { [marker]: '1' };
    const one = await harness().start('console.log("up"); setInterval(() => {}, 1000)', { environment });
    const two = await harness().start('console.log("up"); setInterval(() => {}, 1000)', { environment });
    await Promise.all([once(one.output, 'data'), once(two.output, 'data')]);
    const statuses = processesWith(marker).map((pid) => readFileSync(`/proc/${pid}/status`, 'utf8'));
    const users = new Set(statuses.map((status) => Number(/^Uid:\s+(\d+)/m.exec(status)?.[1])));
    assert.equal(users.size, 2);
    for (const user of users) assert.ok(user > 100_000, `runs as host user ${user}`);
    for (const status of statuses) {
      assert.match(status, /^CapEff:\s+0+$/m);
      assert.match(status, /^CapBnd:\s+0+$/m);
      assert.match(status, /^NoNewPrivs:\s+1$/m);
      assert.match(status, /^Seccomp:\s+2$/m);
    }
  });

  test('Kernel settings cannot be written', async () => {
    if (!harness().kind.guarantees.ownUser) return;
    const { output } = await harness().run('', {
      command: [
        '/bin/sh',
        '-c',
        'for f in vm/swappiness kernel/core_pattern net/ipv4/ip_forward; do (echo 1 >/proc/sys/$f) 2>/dev/null && echo wrote $f; done; echo done',
      ],
    });
    assert.equal(output, 'done');
  });

  test('A small share of a processor is a small share', async () => {
    if (!harness().kind.guarantees.cpuLimit) return;
    const sandbox = await harness().start(
      `console.log('up');
       process.stdin.on('close', () => {});
       setTimeout(() => {
         const before = process.cpuUsage(); const until = performance.now() + 500;
         while (performance.now() < until);
         const used = process.cpuUsage(before); console.log('used ' + (used.user + used.system) / 1000);
       }, 100)`,
    );
    sandbox.setCpuLimit(0.1);
    const { output } = await harness().finish(sandbox);
    const used = Number(/used ([\d.]+)/.exec(output)?.[1]);
    assert.ok(used < 150, `used ${used} ms of 500 with a tenth of a processor`);
  });

  for (const [name, path, ...rest] of interpreters) {
    test(`${name} runs under the filter, with threads, children and sockets`, { skip: !existsSync(path) }, async () => {
      const { output, reason } = await harness().run('', { command: [path, ...rest] });
      assert.deepEqual({ output, reason }, { output: 'fine', reason: { code: 0 } });
    });
  }
}

const python = `
import threading, subprocess, socket, tempfile, json, concurrent.futures
thread = threading.Thread(target=lambda: None); thread.start(); thread.join()
subprocess.run(['/bin/true'], check=True)
socket.socketpair(); socket.socket().close(); tempfile.TemporaryFile().close()
print('fine')`;

const interpreters: readonly (readonly [string, string, ...string[]])[] = [
  ['Python', '/usr/bin/python3', '-c', python],
  ['Java', '/bin/sh', '-c', 'test ! -e /usr/bin/java || java -Xshare:auto -version >/tmp/out 2>&1 && echo fine'],
];
