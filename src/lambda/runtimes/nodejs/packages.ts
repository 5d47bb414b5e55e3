import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Log } from '../../../observe/log.ts';
import type { InstallContext } from '../runtime.ts';
import { SharedFetch } from './shared-fetch.ts';

export interface NodePackagesOptions {
  /** Binaries are kept in `<dataDir>/runtimes/nodejs-<version>`. */
  readonly dataDir: string;
  readonly log: Log;
}

const progressEveryMs = 500;
const saidBytesMax = 4_000;

/** Node.js binaries from the npm packages `node-<os>-<cpu>`, fetched once and kept. */
export class NodePackages {
  readonly #options: NodePackagesOptions;
  /** One fetch serves everybody who asks for a version meanwhile. */
  readonly #fetching = new Map<string, SharedFetch>();
  /** Folders that are being fetched into. */
  readonly #scratch = new Set<string>();

  constructor(options: NodePackagesOptions) {
    this.#options = options;
  }

  availability(): { available: true } | { available: false; why: string } {
    if (packageName() !== undefined) return { available: true };
    return { available: false, why: `there is no Node.js package for ${process.platform} on ${process.arch}` };
  }

  /** The folder that holds `bin/node`. */
  async install(version: string, context: InstallContext): Promise<string> {
    const folder = join(this.#options.dataDir, 'runtimes', `nodejs-${version}`);
    if (existsSync(join(folder, 'bin', 'node'))) return folder;
    context.signal.throwIfAborted();
    const shared = this.#fetching.get(version) ?? this.#begin(version, folder);
    return shared.wait(context);
  }

  #begin(version: string, folder: string): SharedFetch {
    const shared: SharedFetch = new SharedFetch({
      fetch: (context) => this.#fetch({ version, folder, context }),
      // One that was given up or has ended takes no more callers.
      over: () => {
        if (this.#fetching.get(version) === shared) this.#fetching.delete(version);
      },
    });
    this.#fetching.set(version, shared);
    return shared;
  }

  /** Into a folder of its own, then renamed: a fetch cut short by `kill -9` leaves nothing that looks complete. */
  async #fetch({ version, folder, context }: Fetch): Promise<string> {
    const name = packageName();
    if (name === undefined) throw new Error('Cannot fetch Node.js: no package fits this machine');
    const { log, dataDir } = this.#options;
    await mkdir(join(dataDir, 'runtimes'), { recursive: true });
    await this.#removeLeftovers();
    const scratch = mkdtempSync(join(dataDir, 'runtimes', `.fetching-${process.pid}-`));
    this.#scratch.add(basename(scratch));
    log.info('Fetching Node.js', { version, package: name });
    try {
      await npmInstall({ scratch, wanted: `${name}@${version}`, context });
      const fetched = join(scratch, 'node_modules', name);
      await firstRun(join(fetched, 'bin', 'node'), version);
      // One that was given up in its last moment may have been first.
      await rename(fetched, folder).catch((error: unknown) => {
        if (!existsSync(join(folder, 'bin', 'node'))) throw error;
      });
      log.info('Fetched Node.js', { version });
      return folder;
    } finally {
      await rm(scratch, { recursive: true, force: true });
      this.#scratch.delete(basename(scratch));
    }
  }

  /** What processes that were killed while they fetched have left. In a container the next one has the same number. */
  async #removeLeftovers(): Promise<void> {
    const runtimes = join(this.#options.dataDir, 'runtimes');
    for (const name of await readdir(runtimes)) {
      if (!name.startsWith('.fetching-') || this.#scratch.has(name)) continue;
      const pid = Number(/^\.fetching-(\d+)-/.exec(name)?.[1]);
      if (pid !== process.pid && isAlive(pid)) continue;
      await rm(join(runtimes, name), { recursive: true, force: true });
    }
  }
}

interface Fetch {
  readonly version: string;
  readonly folder: string;
  readonly context: InstallContext;
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function packageName(): string | undefined {
  const known = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];
  const here = `${process.platform}-${process.arch}`;
  return known.includes(here) ? `node-${here}` : undefined;
}

/** npm, since whoever runs this has configured it: registry, proxy, certificates. */
async function npmInstall({ scratch, wanted, context }: { scratch: string; wanted: string; context: InstallContext }) {
  const options = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = spawn('npm', ['install', '--prefix', scratch, ...options, wanted], {
    cwd: scratch,
    stdio: ['ignore', 'ignore', 'pipe'],
    signal: context.signal,
  });
  const report = setInterval(async () => {
    context.progress({ what: `fetching ${wanted}`, doneBytes: await bytesIn(scratch) });
  }, progressEveryMs);
  try {
    await succeeded(npm, `Cannot fetch ${wanted} with npm`);
  } finally {
    clearInterval(report);
  }
}

async function firstRun(node: string, version: string): Promise<void> {
  const child = spawn(node, ['--version'], { env: {}, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = await succeeded(child, `Cannot run the fetched Node.js ${version}`);
  if (said.trim() !== `v${version}`) throw new Error(`Cannot use the fetched Node.js: it calls itself ${said.trim()}`);
}

/** Resolves with standard output; rejects with `failure` and what the program said. */
function succeeded(child: ChildProcess, failure: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let out = '';
    let err = '';
    child.stdout?.on('data', (chunk) => {
      out = (out + chunk).slice(0, saidBytesMax);
    });
    child.stderr?.on('data', (chunk) => {
      err = (err + chunk).slice(-saidBytesMax);
    });
    child.once('error', (error) => reject(new Error(`${failure}: ${causeOf(error)}`)));
    child.once('close', (code) => {
      if (code === 0) resolve(out);
      else reject(new Error(`${failure}: ${lastWords(err) || `exit status ${code}`}`));
    });
  });
}

function causeOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function lastWords(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.includes('A complete log of this run'));
  return lines.slice(0, 3).join('; ');
}

async function bytesIn(folder: string): Promise<number> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const sizes = await Promise.all(
      files.map((file) => stat(join(file.parentPath, file.name)).then(({ size }) => size)),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch {
    return 0;
  }
}
