import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { invariant } from '../../../../base/invariant.ts';
import type { Companions } from '../companions.ts';
import type { ExitReason, Placement, Sandbox, SandboxPaths } from '../sandbox.ts';
import type { Cell } from './cell.ts';
import { type Libc, MS } from './libc.ts';
import type { MountViews } from './mount-views.ts';
import { doorAddress, runtimeApiPort } from './network/addresses.ts';
import type { Access, Staging } from './staging.ts';

export interface NamespaceSandboxOptions {
  readonly id: string;
  readonly cell: Cell;
  readonly libc: Libc;
  readonly staging: Staging;
  readonly views: MountViews;
  readonly awsPort: number;
  ended(): Promise<void>;
}

/** As a runtime in a namespace sees it, everything is where it is on Lambda. */
export const insidePaths: SandboxPaths = { task: '/var/task', opt: '/opt', tmp: '/tmp', at: (target) => target };

export class NamespaceSandbox implements Sandbox {
  readonly id: string;
  readonly paths = insidePaths;
  readonly channel: Promise<Socket>;
  readonly output: Readable;
  readonly exited: Promise<ExitReason>;
  readonly runtimeApi = `${doorAddress}:${runtimeApiPort}`;
  readonly awsEndpoint: string;
  /** Set before its start. */
  companions: Companions | undefined;
  readonly #options: NamespaceSandboxOptions;
  readonly #staged: string[] = [];
  #offered = 0;
  #firstPid = 0;
  #placed = false;
  #frozen = false;
  #killing: Promise<void> | undefined;

  constructor(options: NamespaceSandboxOptions) {
    const { id, cell, awsPort } = options;
    this.id = id;
    this.#options = options;
    this.channel = cell.channel.socket;
    this.output = cell.output;
    this.exited = cell.exited;
    this.awsEndpoint = `http://${doorAddress}:${awsPort}`;
    this.exited.then(() => cell.channel.close(`Environment "${id}" ended before its runtime connected`));
  }

  /** Where a source can be had, as long as this sandbox is there. */
  stage(source: string, access: Access = 'read-only'): string {
    const path = this.#options.staging.acquire(source, access);
    this.#staged.push(path);
    return path;
  }

  /** Where bubblewrap finds the source. Before the start. */
  offer(source: string, access: Access = 'read-only'): string {
    const name = `place${this.#offered++}`;
    const { cell, libc, views } = this.#options;
    libc.mount({ source: this.stage(source, access), target: cell.makePlace(name), flags: MS.BIND });
    return join(views.placeOf(cell.options.folder), name);
  }

  async start(args: readonly string[], command: readonly string[]): Promise<void> {
    this.#firstPid = await this.#options.cell.start(args, command);
  }

  /** A process that ran already is in the cell now. */
  adopt(firstPid: number): void {
    this.#firstPid = firstPid;
  }

  get cell(): Cell {
    return this.#options.cell;
  }

  async place(code: Placement): Promise<void> {
    this.placeNow(code);
  }

  /** Mounted on a shared folder outside, it appears in the copy of that folder inside. */
  placeNow(code: Placement): void {
    invariant(!this.#placed, 'an environment gets its code once');
    this.#placed = true;
    const { folder } = this.#options.cell.options;
    this.#show(code.task, `${folder}/task`);
    if (code.opt !== undefined) this.#show(code.opt, `${folder}/opt`);
  }

  setMemoryLimit(bytes: number): void {
    this.#options.cell.options.cgroup.setMemoryLimit(bytes);
  }

  setCpuLimit(vcpus: number | undefined): void {
    this.#options.cell.options.cgroup.setCpuLimit(vcpus);
  }

  freeze(): void {
    if (this.#frozen) return;
    this.#frozen = true;
    this.#options.cell.options.cgroup.freeze();
  }

  thaw(): void {
    if (!this.#frozen) return;
    this.#frozen = false;
    this.#options.cell.options.cgroup.thaw();
  }

  connect(port: number): Socket {
    return this.#options.cell.slot?.connect(port) ?? new Socket().destroy();
  }

  terminate(): void {
    this.thaw();
    const runtime = firstChild(this.#firstPid);
    if (runtime !== undefined) sendTerm(runtime);
  }

  kill(): Promise<void> {
    this.#killing ??= this.#kill();
    return this.#killing;
  }

  memoryPeak(): number {
    return this.#options.cell.options.cgroup.memoryPeak();
  }

  outOfMemoryKills(): number {
    return this.#options.cell.options.cgroup.outOfMemoryKills();
  }

  async #kill(): Promise<void> {
    const { cell, staging, ended } = this.#options;
    await cell.destroy(`Environment "${this.id}" was killed`);
    this.companions?.close();
    for (const path of this.#staged) staging.release(path);
    await ended();
  }

  #show(source: string, target: string): void {
    this.#options.libc.mount({ source: this.stage(source), target, flags: MS.BIND });
  }
}

/** The first process inside is bubblewrap's own, which passes no signals on; its child is the runtime. */
function firstChild(pid: number): number | undefined {
  try {
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    return child ? Number(child) : undefined;
  } catch {
    return undefined;
  }
}

function sendTerm(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // It ended meanwhile.
  }
}
