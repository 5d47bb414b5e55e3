import { dirname } from 'node:path';
import { invariant } from '../../../../base/invariant.ts';
import { checkSpec } from '../check-spec.ts';
import { Companions } from '../companions.ts';
import { within } from '../deadline.ts';
import type { KindOptions } from '../options.ts';
import { resolveCommand, resolveEnvironment } from '../placeholders.ts';
import type { Copy, CopySpec, Guarantees, Sandbox, SandboxKind, SandboxSpec } from '../sandbox.ts';
import { Starts } from '../starts.ts';
import { bubblewrapArguments, channelInside } from './arguments.ts';
import { type Controllers, findControllers } from './cgroup/controllers.ts';
import { whyNothingIsHeld } from './copy/able.ts';
import { NamespaceCopy } from './copy/namespace-copy.ts';
import { Ground } from './ground.ts';
import { type Libc, loadLibc } from './libc.ts';
import { insidePaths, NamespaceSandbox } from './namespace-sandbox.ts';
import { packagesMissing } from './programs.ts';

export interface NamespaceOptions extends KindOptions {
  /** First of the host user ids that environments run as; 65,536 are used. Beyond those of systemd's own containers. */
  readonly uidBase?: number;
  /** The private range (a /16) that the servers of this machine take environments' addresses from. */
  readonly network?: string;
  /** How many cells wait for the next start. */
  readonly cellsReady?: number;
  /** Which control groups there are; looked up unless a test wants to know how it goes with others. */
  readonly findControllers?: () => Controllers;
}

const probeWaitMsMax = 10_000;

export function createNamespaceKind(options: NamespaceOptions): SandboxKind {
  return new NamespaceKind(options);
}

class NamespaceKind implements SandboxKind {
  readonly name = 'namespace';
  readonly #options: NamespaceOptions;
  readonly #libc = loadLibc();
  readonly #starts = new Starts();
  readonly #running = new Set<Sandbox>();
  #ground: Ground | undefined;

  constructor(options: NamespaceOptions) {
    this.#options = options;
  }

  /** What depends on control groups is promised only where there are such. */
  get guarantees(): Guarantees {
    const controllers = this.#ground?.controllers ?? (this.#options.findControllers ?? findControllers)();
    return {
      ownFileSystem: true,
      ownProcesses: true,
      ownNetwork: true,
      ownUser: true,
      systemCallFilter: true,
      memoryLimit: controllers.memory !== undefined,
      cpuLimit: controllers.cpu !== undefined,
      processLimit: controllers.pids !== undefined,
      tmpLimit: true,
      freeze: controllers.freezer !== undefined,
    };
  }

  async probe(): Promise<{ works: true } | { works: false; why: string }> {
    try {
      const why = this.#obstacle() ?? (await this.#tryOne());
      if (why === undefined) return { works: true };
      await this.close();
      return { works: false, why };
    } catch (error) {
      await this.close();
      return { works: false, why: error instanceof Error ? error.message : String(error) };
    }
  }

  start(spec: SandboxSpec): Promise<Sandbox> {
    return this.#starts.run(spec.id, () => this.#start(spec));
  }

  get copiesNothing(): string | undefined {
    return whyNothingIsHeld();
  }

  makeCopy(source: Sandbox, spec: CopySpec): Promise<Copy> {
    invariant(source instanceof NamespaceSandbox, 'a copy is of the same kind as its source');
    const ground = this.#open();
    return this.#starts.run(spec.id, () =>
      NamespaceCopy.make({
        ...this.#options,
        ground,
        source,
        spec,
        moved: (sandbox) => void this.#running.add(sandbox),
        ended: (sandbox) => void this.#running.delete(sandbox),
      }),
    );
  }

  async close(): Promise<void> {
    await this.#starts.close();
    await Promise.all([...this.#running].map((sandbox) => sandbox.kill()));
    await this.#ground?.close();
    this.#ground = undefined;
  }

  async #start(spec: SandboxSpec): Promise<Sandbox> {
    checkSpec(spec);
    const ground = this.#open();
    const cell = await ground.cells.take({ outward: spec.network, tmpBytes: spec.tmpBytes });
    const ended = async () => {
      ground.recycle(cell);
      this.#running.delete(sandbox);
    };
    const { awsPort } = this.#options;
    const { libc, staging, views } = ground;
    const sandbox = new NamespaceSandbox({ id: spec.id, cell, libc, staging, views, awsPort, ended });
    this.#running.add(sandbox);
    try {
      const mounts = spec.mounts.map(({ source, target }) => {
        ground.makeMountPoint(target);
        return { path: sandbox.offer(source), target };
      });
      const writable = (spec.writable ?? []).map(({ source, target }) => {
        return { path: sandbox.offer(source, 'writable'), target };
      });
      cell.slot?.occupy(spec.id);
      if (spec.memoryBytes !== undefined) sandbox.setMemoryLimit(spec.memoryBytes);
      if (spec.code) sandbox.placeNow(spec.code);
      const environment = resolveEnvironment(spec, sandbox, channelInside);
      const folder = views.placeOf(cell.options.folder);
      const cwd = spec.code ? '/var/task' : '/';
      const args = bubblewrapArguments({ root: ground.root, folder, mounts, writable, environment, cwd });
      if (spec.companions !== undefined) {
        sandbox.companions = new Companions(cell.makePipes(Companions.pipes(spec.companions)), spec.companions);
      }
      await sandbox.start(args, resolveCommand(spec, insidePaths, dirname(channelInside)));
      return sandbox;
    } catch (error) {
      await sandbox.kill();
      throw error;
    }
  }

  #open(): Ground {
    this.#ground ??= Ground.open(this.#options, this.#mustHaveLibc());
    return this.#ground;
  }

  #mustHaveLibc(): Libc {
    if (!this.#libc) throw new Error('Cannot start a namespace: this Node.js has no node:ffi');
    return this.#libc;
  }

  /** What can be told without trying. */
  #obstacle(): string | undefined {
    if (process.platform !== 'linux') return `namespaces need Linux, this is ${process.platform}`;
    if (process.getuid?.() !== 0) return 'namespaces need root in this version, this server runs as another user';
    if (!this.#libc) return `namespaces need Node.js 26 with node:ffi, this is ${process.version}`;
    const missing = packagesMissing();
    return missing.length > 0 ? `programs are missing: apt-get install ${missing.join(' ')}` : undefined;
  }

  async #tryOne(): Promise<string | undefined> {
    const sandbox = await this.start({
      id: 'probe',
      mounts: [],
      command: ['/bin/sh', '-c', 'exit 7'],
      environment: {},
      tmpBytes: 1 << 20,
      network: true,
    });
    const chunks: Buffer[] = [];
    sandbox.output.on('data', (chunk: Buffer) => chunks.push(chunk));
    const reason = await within(this.#options.clock, probeWaitMsMax, sandbox.exited);
    await sandbox.kill();
    if (reason?.code === 7) return undefined;
    const says = Buffer.concat(chunks).toString().trim();
    return `a trial environment did not run: ${says || JSON.stringify(reason ?? 'it did not end')}`;
  }
}
