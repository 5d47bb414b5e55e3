import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invariant } from '../../../../base/invariant.ts';
import { checkSpec } from '../check-spec.ts';
import { Launcher } from '../launcher.ts';
import type { KindOptions } from '../options.ts';
import type { Copy, CopySpec, Guarantees, Sandbox, SandboxKind, SandboxSpec } from '../sandbox.ts';
import { Starts } from '../starts.ts';
import { awaitProcess, type ProcessOptions, ProcessSandbox, startProcess } from './process-sandbox.ts';

/** Nothing is kept apart from anything: for code that its operator trusts, and for machines without namespaces. */
const guarantees: Guarantees = {
  ownFileSystem: false,
  ownProcesses: false,
  ownNetwork: false,
  ownUser: false,
  systemCallFilter: false,
  memoryLimit: false,
  cpuLimit: false,
  processLimit: false,
  tmpLimit: false,
  freeze: true,
};

// When the server is gone: each waiting subshell of ours (same process group) hears TERM and kills its runtime's group.
const killEverything = 'trap : TERM; kill -TERM 0; wait';

// The address of a unix socket has room for 104 (macOS) to 108 (Linux) characters.
const socketPathCharactersMax = 100;

export function createProcessKind(options: KindOptions): SandboxKind {
  return new ProcessKind(options);
}

class ProcessKind implements SandboxKind {
  readonly name = 'process';
  readonly guarantees = guarantees;
  readonly #options: KindOptions;
  readonly #folder: string;
  readonly #running = new Map<string, ProcessSandbox>();
  readonly #starts = new Starts();
  readonly #lingering = new Set<ProcessSandbox>();
  #launcher: Launcher | undefined;

  constructor(options: KindOptions) {
    this.#options = options;
    this.#folder = roomForSockets(join(options.stateDir, 'process'));
  }

  async probe(): Promise<{ works: true }> {
    return { works: true };
  }

  start(spec: SandboxSpec): Promise<Sandbox> {
    return this.#starts.run(spec.id, () => this.#start(spec));
  }

  get copiesNothing(): string | undefined {
    return process.platform === 'linux' ? undefined : `processes are copied on Linux only, this is ${process.platform}`;
  }

  /** A forked process is where its source is: it only has its own pipes, and leaves the group. */
  makeCopy(source: Sandbox, { id }: CopySpec): Promise<Copy> {
    invariant(source instanceof ProcessSandbox, 'a copy is of the same kind as its source');
    const options = this.#optionsOf(id);
    return this.#starts.run(id, async () => {
      const sandbox = await awaitProcess({ ...source.spec, id }, options, source.paths.tmp);
      this.#running.set(id, sandbox);
      const place = (name: string) => join(options.folder, name);
      return {
        places: { channel: place('channel'), output: place('output'), status: place('status'), tmp: place('tmp') },
        moveIn: async () => {},
        open: async () => sandbox,
        abandon: () => sandbox.kill(),
      };
    });
  }

  async close(): Promise<void> {
    await this.#starts.close();
    await Promise.all([...this.#running.values()].map((sandbox) => sandbox.kill()));
    for (const sandbox of this.#lingering) sandbox.letGo();
    await this.#launcher?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #start(spec: SandboxSpec): Promise<Sandbox> {
    checkSpec(spec);
    const sandbox = await startProcess(spec, this.#optionsOf(spec.id));
    this.#running.set(spec.id, sandbox);
    return sandbox;
  }

  #optionsOf(id: string): ProcessOptions {
    return {
      ...this.#options,
      folder: join(this.#folder, id),
      launcher: this.#launch(),
      ended: (ended) => this.#ended(ended),
    };
  }

  #ended(sandbox: ProcessSandbox): void {
    this.#running.delete(sandbox.id);
    this.#lingering.add(sandbox);
    sandbox.gone.finally(() => this.#lingering.delete(sandbox));
  }

  #launch(): Launcher {
    if (this.#launcher?.alive) return this.#launcher;
    // Left over from a server that was killed: nothing in it is in use, since its launcher has killed who used it.
    if (!this.#launcher) rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    this.#launcher = new Launcher({ lastWords: killEverything, log: this.#options.log });
    return this.#launcher;
  }
}

function roomForSockets(folder: string): string {
  const longest = join(folder, 'x'.repeat(40), 'channel').length;
  return longest <= socketPathCharactersMax ? folder : join(tmpdir(), `lambent-${process.pid}`);
}
