/** How a sandbox starts, speaks, takes its code, pauses and ends: the same for every kind. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { channelClient, connect, type Harness, processesWith } from './harness.ts';

export function lifeCases(harness: () => Harness): void {
  test('A runtime has the environment of its spec, where its doors are, and nothing else', async () => {
    process.env.LAMBENT_CONTRACT_SECRET = 'secret';
    const { output } = await harness().run('console.log(JSON.stringify(process.env))', {
      environment: { A: 'b "c" \'d\' $e\nf', TASK: 'at {/opt}' },
      code: { task: harness().code('task', ''), opt: harness().code('opt', '') },
    });
    const { LAMBENT_CHANNEL, TMPDIR, PWD, SHLVL, _, ...rest } = JSON.parse(output);
    assert.ok(LAMBENT_CHANNEL);
    assert.deepEqual(Object.keys(rest).sort(), [
      'A',
      'AWS_ENDPOINT_URL',
      'AWS_LAMBDA_RUNTIME_API',
      'LAMBDA_TASK_ROOT',
      'TASK',
    ]);
    assert.equal(rest.A, 'b "c" \'d\' $e\nf');
    assert.match(rest.TASK, /^at \/.*opt/);
  });

  test('Arguments arrive as they were, with placeholders replaced', async () => {
    const odd = `a'b"c\n$d \\ {no} *`;
    const spec = harness().spec('console.log(JSON.stringify(process.argv.slice(1)))');
    const sandbox = await harness().kind.start({ ...spec, command: [...spec.command, odd, '{/tmp}/x'] });
    const { output } = await harness().finish(sandbox);
    assert.deepEqual(JSON.parse(output), [odd, `${sandbox.paths.tmp}/x`]);
    await sandbox.kill();
  });

  test('Both outputs arrive raw and complete, however late they are read', async () => {
    const sandbox = await harness().start(
      `import { writeSync } from 'node:fs';
       const line = Buffer.alloc(100_000, 'x');
       for (let i = 0; i < 50; i++) { writeSync(1, line); writeSync(2, line); }
       writeSync(1, Buffer.from([0xff, 0x00, 0x0a]));`,
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    const chunks: Buffer[] = await sandbox.output.toArray();
    const all = Buffer.concat(chunks);
    assert.equal(all.length, 10_000_003);
    assert.deepEqual([...all.subarray(-3)], [0xff, 0x00, 0x0a]);
  });

  test('Output of a runtime that ends at once is not lost', async () => {
    const { output, reason } = await harness().run('', { command: ['/bin/sh', '-c', 'echo last words; exit 3'] });
    assert.deepEqual({ output, reason }, { output: 'last words', reason: { code: 3 } });
  });

  test('A program may open /dev/stdout by its name', async () => {
    const { output } = await harness().run('', { command: ['/bin/sh', '-c', 'echo by name >/dev/stdout'] });
    assert.equal(output, 'by name');
  });

  test('A death by signal is told from an exit', async () => {
    const { reason } = await harness().run('process.kill(process.pid, "SIGTERM"); setTimeout(() => {}, 5000)');
    assert.deepEqual(reason, { signal: 'SIGTERM' });
  });

  test('A program that is not there ends the sandbox and says its name', async () => {
    const started = await harness().start('', { command: ['/no/such/program'] });
    const { output, reason } = await harness().finish(started);
    assert.match(output, /\/no\/such\/program/);
    assert.ok(reason.code !== undefined && reason.code > 0);
  });

  test('The channel takes the first connection only', async () => {
    const sandbox = await harness().start(`
      import { connect } from 'node:net';
      const first = connect(process.env.LAMBENT_CHANNEL);
      first.on('data', (data) => {
        const second = connect(process.env.LAMBENT_CHANNEL);
        second.on('error', (error) => first.end('refused ' + error.code));
        second.on('close', (failed) => failed || first.end('closed'));
      });`);
    const channel = await sandbox.channel;
    channel.write('go');
    const [says] = await once(channel, 'data');
    assert.match(String(says), /^(refused E|closed)/);
  });

  test('A runtime that ends without having connected rejects the channel', async () => {
    const sandbox = await harness().start('');
    await assert.rejects(sandbox.channel, /ended before its runtime connected/);
  });

  test('The Runtime API and the AWS endpoint answer inside, each environment its own', async () => {
    const both = [0, 1].map(async () => {
      const sandbox = await harness().start(
        `${channelClient}
         const [host, port] = (await heard()).split(':');
         ${connect('x', 1).replace('"x"', 'host').replace('port: 1', 'port: Number(port)')}
         const aws = new URL(await heard());
         ${connect('x', 1).replace('"x"', 'aws.hostname').replace('port: 1', 'port: Number(aws.port)')}
         channel.end();`,
      );
      (await sandbox.channel).write(`${sandbox.runtimeApi}\n${sandbox.awsEndpoint}\n`);
      const { output } = await harness().finish(sandbox);
      assert.equal(output, `runtime api of ${sandbox.id}\naws endpoint`);
    });
    await Promise.all(both);
  });

  test('Code placed late appears in the running runtime, and nobody inside can change it', async () => {
    const sandbox = await harness().start(`${channelClient}
      import { readFileSync, writeFileSync } from 'node:fs';
      const attempt = (work) => { try { return work(); } catch (error) { return error.code; } };
      for (let path = await heard(); path; path = await heard()) {
        const read = attempt(() => readFileSync(path + '/index.js', 'utf8'));
        tell(read + ' ' + attempt(() => writeFileSync(path + '/index.js', 'changed')));
      }`);
    const channel = await sandbox.channel;
    const answers = createInterface({ input: channel })[Symbol.asyncIterator]();
    const ask = async (path: string) => {
      channel.write(`${path}\n`);
      return String((await answers.next()).value);
    };
    const { ownFileSystem } = harness().kind.guarantees;
    assert.match(await ask(sandbox.paths.task), /^ENOENT/);
    await sandbox.place({ task: harness().code('late', 'late code'), opt: harness().code('layers', 'late layer') });
    assert.equal(await ask(sandbox.paths.task), ownFileSystem ? 'late code EROFS' : 'late code undefined');
    assert.equal(await ask(sandbox.paths.opt), ownFileSystem ? 'late layer EROFS' : 'late layer undefined');
  });

  test('Code known at the start is there, and is where the runtime starts', async () => {
    const code = { task: harness().code('cold', 'cold code') };
    const { output } = await harness().run(
      `import fs from 'node:fs'; console.log(fs.readFileSync('index.js', 'utf8'))`,
      { code },
    );
    assert.equal(output, 'cold code');
  });

  test('Layers known at the start are where /opt is: read, found on a path, started, and not changed', async () => {
    const opt = harness().code('opt-known', '');
    mkdirSync(join(opt, 'bin'), { recursive: true });
    writeFileSync(join(opt, 'bin', 'tool'), '#!/bin/sh\ncat "$1/index.js"; exit 5\n');
    chmodSync(join(opt, 'bin', 'tool'), 0o755);
    writeFileSync(join(opt, 'index.js'), 'layer');
    const code = { task: harness().code('task-known', ''), opt };
    const environment = { PATH: '/usr/bin:/bin:{/opt}/bin' };
    const command = ['/bin/sh', '-c', 'tool {/opt}; code=$?; touch {/opt}/new 2>/dev/null || echo " kept"; exit $code'];
    const { output, reason } = await harness().run('', { command, environment, code });
    const { ownFileSystem } = harness().kind.guarantees;
    assert.match(output, ownFileSystem ? /^layer.* kept$/s : /^layer/);
    assert.equal(reason.code, 5);
  });

  test('A folder shown read-write is shared by environments, beside the read-only rest of /mnt', async () => {
    if (!harness().kind.guarantees.ownFileSystem) return;
    const source = harness().code('shared', '');
    chmodSync(source, 0o777);
    const writable = [{ source, target: '/mnt/shared' }];
    const command = (script: string) => ['/bin/sh', '-c', `umask 0; ${script}`];
    const leave = command(
      'mkdir /mnt/shared/d && echo one >/mnt/shared/d/f; touch /mnt/other 2>/dev/null || echo kept',
    );
    assert.equal((await harness().run('', { command: leave, writable })).output, 'kept');
    const change = command('echo two >>/mnt/shared/d/f && mv /mnt/shared/d/f /mnt/shared/g && cat /mnt/shared/g');
    assert.equal((await harness().run('', { command: change, writable })).output, 'one\ntwo');
    assert.equal(readFileSync(join(source, 'g'), 'utf8'), 'one\ntwo\n');
    assert.equal((await harness().run('', { command: command('ls /mnt') })).output, '');
    for (const target of ['/mnt/..', '/mnt', '/etc/x', '/mnt/a/b']) {
      await assert.rejects(harness().start('', { writable: [{ source, target }] }), /is no place for a file system/);
    }
  });

  test('A frozen sandbox does nothing, a thawed one goes on', async () => {
    const sandbox = await harness().start('setInterval(() => console.log("tick"), 5)');
    let ticks = 0;
    sandbox.output.on('data', () => ticks++);
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    await once(sandbox.output, 'data');
    sandbox.freeze();
    sandbox.freeze();
    await pause(50);
    const frozen = ticks;
    await pause(150);
    assert.equal(ticks, frozen);
    sandbox.thaw();
    sandbox.thaw();
    await once(sandbox.output, 'data');
  });

  test('A frozen sandbox can be killed', async () => {
    const sandbox = await harness().start('setInterval(() => {}, 1000)');
    sandbox.freeze();
    await sandbox.kill();
    assert.deepEqual(await sandbox.exited, { signal: 'SIGKILL' });
  });

  test('Terminate asks the runtime, which may answer', async () => {
    const sandbox = await harness().start(
      'process.on("SIGTERM", () => { console.log("bye"); process.exit(4); }); setInterval(() => {}, 1000); console.log("hi")',
    );
    await once(sandbox.output, 'data');
    sandbox.freeze();
    sandbox.terminate();
    assert.deepEqual(await sandbox.exited, { code: 4 });
  });

  test('Kill ends every descendant, also those that went their own way, and may be repeated', async () => {
    const marker = `LAMBENT_CONTRACT_MARK_${process.pid}`;
    const orphan = harness().kind.guarantees.ownProcesses ? 'setsid ' : '';
    const sandbox = await harness().start('', {
      environment: { PATH: '/usr/bin:/bin', [marker]: '1' },
      command: ['/bin/sh', '-c', `${orphan}sleep 60 & ${orphan}sleep 60 & echo on; sleep 60`],
    });
    await once(sandbox.output, 'data');
    assert.ok(processesWith(marker).length >= 3);
    await Promise.all([sandbox.kill(), sandbox.kill()]);
    assert.deepEqual(await sandbox.exited, { signal: 'SIGKILL' });
    assert.deepEqual(processesWith(marker), []);
    await sandbox.kill();
  });

  test('The peak of memory is told while it runs', async () => {
    const sandbox = await harness().start(
      'globalThis.kept = Buffer.alloc(50 << 20, 1); console.log("full"); setInterval(() => {}, 1000)',
    );
    await once(sandbox.output, 'data');
    assert.ok(sandbox.memoryPeak() > 50 << 20);
    assert.equal(sandbox.outOfMemoryKills(), 0);
  });

  test('A variable cannot smuggle options in', async () => {
    const environment = { A: 'x\0--bind\0/\0/tmp' };
    await assert.rejects(harness().run('', { environment }), /the variable A holds a NUL byte/);
    await assert.rejects(harness().run('', { environment: { '-S': 'x' } }), /"-S" is no name of a variable/);
    await assert.rejects(harness().run('', { command: ['/bin/echo', 'a\0b'] }), /holds a NUL byte/);
  });

  test('Sandboxes start side by side', async () => {
    const all = Array.from({ length: 8 }, (_, i) => harness().run(`console.log(${i})`));
    assert.deepEqual(
      (await Promise.all(all)).map(({ output }) => output),
      ['0', '1', '2', '3', '4', '5', '6', '7'],
    );
  });
}
