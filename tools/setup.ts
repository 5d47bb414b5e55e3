/**
 * Makes sure that what tests and functions need from Debian is there: installs it when it may (root, apt), and otherwise
 * says exactly what is missing and how to get it. `bin/node tools/setup.ts` does only this.
 */
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

interface Package {
  readonly name: string;
  readonly purpose: string;
}

export const packagesNeeded: readonly Package[] = [
  { name: 'bubblewrap', purpose: 'runs functions in namespaces' },
  { name: 'util-linux', purpose: 'enters the network of an environment (nsenter)' },
  { name: 'iproute2', purpose: 'lays the network cables of environments' },
  { name: 'nftables', purpose: 'keeps environments from this machine and each other' },
  { name: 'e2fsprogs', purpose: 'makes the disk behind /tmp' },
  { name: 'python3', purpose: 'runs Python functions' },
  { name: 'curl', purpose: 'speaks the Runtime API in tests' },
  { name: 'openssl', purpose: 'makes certificates for tests' },
  { name: 'awscli', purpose: 'tests with the AWS CLI' },
  { name: 'python3-boto3', purpose: 'tests with boto3' },
];

/** For single tests that say so when it is not there: whatever becomes of these, the others are installed. */
const packagesWanted: readonly Package[] = [{ name: 'chromium', purpose: 'opens the pages of the examples in tests' }];

export interface SetupResult {
  /** Names of packages that are still not there. */
  readonly missing: readonly string[];
}

/** Says what it does by `say`, a line at a time. Never throws: what cannot be had is in the result. */
export function ensurePackages(say: (line: string) => void): SetupResult {
  const { missing } = ensured(packagesNeeded, say);
  return { missing: [...missing, ...ensured(packagesWanted, say).missing] };
}

function ensured(packages: readonly Package[], say: (line: string) => void): SetupResult {
  const missing = packages.filter(({ name }) => !isInstalled(name));
  if (missing.length === 0) return { missing: [] };
  const names = missing.map(({ name }) => name);
  if (mayInstall()) install(names, say);
  const still = missing.filter(({ name }) => !isInstalled(name));
  for (const { name, purpose } of still) say(`Missing Debian package: ${name} (${purpose})`);
  if (still.length > 0) say(`Install with: sudo apt-get install --yes ${still.map(({ name }) => name).join(' ')}`);
  return { missing: still.map(({ name }) => name) };
}

function install(names: readonly string[], say: (line: string) => void): void {
  say(`Installing from Debian: ${names.join(' ')}`);
  const words = ['install', '--yes', '--quiet', '--no-install-recommends', ...names];
  if (apt(words)) return;
  // The list of packages may be older than the packages, or not there at all.
  if (apt(['update', '--quiet']) && apt(words)) return;
  say('apt-get could not install them');
}

function apt(words: readonly string[]): boolean {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status } = spawnSync('apt-get', words, {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 300_000,
  });
  return status === 0;
}

function mayInstall(): boolean {
  return process.getuid?.() === 0 && spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** On systems without dpkg, nothing is installed as far as this can tell. */
function isInstalled(name: string): boolean {
  const { status, stdout } = spawnSync('dpkg-query', ['--status', name], { encoding: 'utf8' });
  return status === 0 && /^Status: .* installed$/m.test(stdout);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { missing } = ensurePackages((line) => process.stderr.write(`${line}\n`));
  process.exitCode = missing.length === 0 ? 0 : 1;
}
