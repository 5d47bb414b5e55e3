import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { systemClock } from '../../../base/clock.ts';
import { silentLog } from '../../../observe/log.ts';
import { NodePackages } from './packages.ts';

/** A program called npm: says how often it ran, waits for a file where it is told to, and makes what npm would. */
const npm = `#!/bin/sh
echo $$ >>"$FAKE/runs"
while [ -e "$FAKE/wait" ]; do sleep 0.02; done
if [ -e "$FAKE/fail" ]; then
  printf 'npm error code E404\\n\\nnpm error 404 Not Found\\nnpm error A complete log of this run is here\\n' >&2
  exit 1
fi
for wanted; do :; done
folder="$3/node_modules/\${wanted%@*}/bin"
mkdir -p "$folder"
printf '#!/bin/sh\\necho v%s\\n' "\${FAKE_SAYS:-\${wanted##*@}}" >"$folder/node"
chmod 755 "$folder/node"
`;

const before = { PATH: process.env.PATH, FAKE: process.env.FAKE };
after(() => Object.assign(process.env, before));

function faked(t: TestContext) {
  const dataDir = mkdtempSync(join(tmpdir(), 'lambent-packages-'));
  const fake = join(dataDir, 'fake');
  mkdirSync(fake);
  writeFileSync(join(fake, 'npm'), npm);
  chmodSync(join(fake, 'npm'), 0o755);
  process.env.PATH = `${fake}${delimiter}${before.PATH}`;
  process.env.FAKE = fake;
  const runs = () =>
    existsSync(join(fake, 'runs')) ? readFileSync(join(fake, 'runs'), 'utf8').trim().split('\n') : [];
  t.after(() => {
    rmSync(join(fake, 'wait'), { force: true });
    rmSync(dataDir, { recursive: true, force: true });
  });
  return { dataDir, fake, runs, packages: new NodePackages({ dataDir, log: silentLog }) };
}

const patient = () => ({ signal: new AbortController().signal, progress() {} });

async function until(fact: () => boolean): Promise<void> {
  for (let n = 0; n < 500 && !fact(); n += 1) await systemClock.sleep(10);
  assert.ok(fact());
}

const leftIn = (dataDir: string) => readdirSync(join(dataDir, 'runtimes')).sort();

test('a version is fetched once and then is there', async (t) => {
  const { dataDir, runs, packages } = faked(t);
  const folder = await packages.install('24.1.0', patient());
  assert.equal(spawnSync(join(folder, 'bin', 'node'), { encoding: 'utf8' }).stdout, 'v24.1.0\n');
  assert.equal(await packages.install('24.1.0', patient()), folder);
  assert.equal(runs().length, 1);
  assert.deepEqual(leftIn(dataDir), ['nodejs-24.1.0']);
});

test('what npm says is passed on, nothing stays, and the next asks again', async (t) => {
  const { dataDir, fake, packages } = faked(t);
  writeFileSync(join(fake, 'fail'), '');
  await assert.rejects(packages.install('24.1.0', patient()), (error: Error) => {
    assert.match(
      error.message,
      /^Cannot fetch node-\S+@24\.1\.0 with npm: npm error code E404; npm error 404 Not Found$/,
    );
    return true;
  });
  assert.deepEqual(leftIn(dataDir), []);
  rmSync(join(fake, 'fail'));
  assert.ok(existsSync(await packages.install('24.1.0', patient())));
});

test('a program that calls itself another version is not kept', async (t) => {
  const { dataDir, packages } = faked(t);
  process.env.FAKE_SAYS = '6.6.6';
  t.after(() => delete process.env.FAKE_SAYS);
  await assert.rejects(packages.install('24.1.0', patient()), {
    message: 'Cannot use the fetched Node.js: it calls itself v6.6.6',
  });
  assert.deepEqual(leftIn(dataDir), []);
});

test('many wait for one fetch, and one that gives up takes nobody with it', async (t) => {
  const { fake, runs, packages } = faked(t);
  writeFileSync(join(fake, 'wait'), '');
  const impatient = new AbortController();
  const first = packages.install('24.1.0', { ...patient(), signal: impatient.signal });
  const others = [packages.install('24.1.0', patient()), packages.install('24.1.0', patient())];
  await until(() => runs().length === 1);
  impatient.abort(new Error('too late for me'));
  await assert.rejects(first, { message: 'too late for me' });
  rmSync(join(fake, 'wait'));
  const [one, other] = await Promise.all(others);
  assert.equal(one, other);
  assert.equal(runs().length, 1);
});

test('when the last one gives up npm is stopped, and the next begins anew', async (t) => {
  const { dataDir, fake, runs, packages } = faked(t);
  writeFileSync(join(fake, 'wait'), '');
  const impatient = new AbortController();
  const first = packages.install('24.1.0', { ...patient(), signal: impatient.signal });
  await until(() => runs().length === 1);
  impatient.abort(new Error('too late for me'));
  await assert.rejects(first, { message: 'too late for me' });
  await until(() => !isAlive(Number(runs()[0])) && leftIn(dataDir).length === 0);
  rmSync(join(fake, 'wait'));
  assert.ok(existsSync(await packages.install('24.1.0', patient())));
  assert.equal(runs().length, 2);
});

test('what a killed process left goes with the next fetch, what a living one fetches stays', async (t) => {
  const { dataDir, fake, runs, packages } = faked(t);
  writeFileSync(join(fake, 'wait'), '');
  const script = join(fake, 'fetches.mts');
  writeFileSync(
    script,
    `import { NodePackages } from ${JSON.stringify(join(import.meta.dirname, 'packages.ts'))};
     const log = { debug() {}, info() {}, warn() {}, error() {} };
     await new NodePackages({ dataDir: ${JSON.stringify(dataDir)}, log })
       .install('24.1.0', { signal: new AbortController().signal, progress() {} });`,
  );
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  await until(() => runs().length === 1);
  child.kill('SIGKILL');
  await once(child, 'close');
  const [half] = leftIn(dataDir);
  assert.match(half ?? '', new RegExp(`^\\.fetching-${child.pid}-`));
  const [living, ownNumber] = [`.fetching-${process.ppid}-x`, `.fetching-${process.pid}-x`];
  for (const name of [living, ownNumber, '.fetching-AbCdEf']) mkdirSync(join(dataDir, 'runtimes', name));
  rmSync(join(fake, 'wait'));
  // The orphaned npm may still write into its folder.
  await until(() => !isAlive(Number(runs()[0])));
  await packages.install('24.1.0', patient());
  assert.deepEqual(leftIn(dataDir), [living, 'nodejs-24.1.0']);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
