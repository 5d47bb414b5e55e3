/**
 * `npm test`: what the tests need from the system, the build, types, lint, then every test file through node's own
 * runner. Files given as arguments are run alone, without the checks before them.
 */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { ensurePackages } from './setup.ts';

const root = join(import.meta.dirname, '..');
const patterns = [
  'src/**/*.test.ts',
  'test/**/*.test.ts',
  'tools/**/*.test.ts',
  'bench/**/*.test.ts',
  'examples/*.test.ts',
];
// A test that hangs fails by itself, with its name, long before a job's own limit.
const testMsMax = 120_000;

const chosen = process.argv.slice(2);
systemPackages();
await step('build', process.execPath, ['tools/build.ts']);
if (chosen.length === 0) {
  await step('types', process.execPath, ['node_modules/typescript/bin/tsc', '--noEmit']);
  await step('lint', process.execPath, ['node_modules/@biomejs/biome/bin/biome', 'check', '.']);
}
process.exitCode = await run(process.execPath, [
  '--disable-warning=ExperimentalWarning',
  '--test',
  `--test-concurrency=${Math.min(2, cpus().length)}`,
  `--test-timeout=${testMsMax}`,
  ...(chosen.length > 0 ? chosen : testFiles()),
]);

function testFiles(): string[] {
  return globSync(patterns, { cwd: root, exclude: ['**/node_modules/**', 'dist/**'] }).sort();
}

/** What is missing is said; the tests that need it then say so themselves. */
function systemPackages(): void {
  ensurePackages((line) => console.log(`npm test: ${line}`));
}

async function step(name: string, command: string, args: string[]): Promise<void> {
  const started = performance.now();
  const code = await run(command, args);
  if (code !== 0) {
    console.error(`npm test: ${name} failed`);
    process.exit(code);
  }
  console.log(`npm test: ${name} passed in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

/** Resolves with the exit code. A signal to this process goes on to the child, which cleans up. */
function run(command: string, args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit' });
    const pass = (signal: NodeJS.Signals) => child.kill(signal);
    process.on('SIGTERM', pass).on('SIGINT', pass);
    child.on('error', reject);
    child.on('exit', (code) => {
      process.off('SIGTERM', pass).off('SIGINT', pass);
      resolve(code ?? 1);
    });
  });
}
