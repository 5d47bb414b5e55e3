import { readdirSync, readFileSync } from 'node:fs';
import type { Clock } from '../../../../../base/clock.ts';
import { invariant } from '../../../../../base/invariant.ts';
import { quote } from '../../launcher.ts';
import type { Copy, CopyPlaces, CopySpec, Sandbox } from '../../sandbox.ts';
import { channelInside } from '../arguments.ts';
import type { Cell } from '../cell.ts';
import type { Ground } from '../ground.ts';
import { NamespaceSandbox } from '../namespace-sandbox.ts';
import { showAtBerth } from './berth.ts';
import { setApart } from './set-apart.ts';

interface NamespaceCopyOptions {
  readonly ground: Ground;
  readonly clock: Clock;
  readonly awsPort: number;
  readonly source: NamespaceSandbox;
  readonly spec: CopySpec;
  moved(sandbox: Sandbox): void;
  ended(sandbox: Sandbox): void;
}

/** A cell without a shell: a process of another environment moves in, with namespaces that were made of that one's. */
export class NamespaceCopy implements Copy {
  readonly places: CopyPlaces = {
    channel: channelInside,
    output: '/run/lambent/output',
    status: '/run/lambent/status',
    tmp: '/tmp',
  };
  readonly #options: NamespaceCopyOptions;
  readonly #cell: Cell;
  #pid: number | undefined;

  static async make(options: NamespaceCopyOptions): Promise<NamespaceCopy> {
    const { ground, source, spec } = options;
    const cell = await ground.makeCellForCopy(spec.tmpBytes);
    const copy = new NamespaceCopy(options, cell);
    try {
      await copyFiles(source.cell, cell);
      cell.options.cgroup.setMemoryLimit(spec.memoryBytes);
      return copy;
    } catch (error) {
      await copy.abandon();
      throw error;
    }
  }

  private constructor(options: NamespaceCopyOptions, cell: Cell) {
    this.#options = options;
    this.#cell = cell;
  }

  /** From its first moment on it counts for the group that is to be its own. */
  async moveIn(pid: number): Promise<void> {
    const { ground, clock, source } = this.#options;
    const { cgroup, folder } = this.#cell.options;
    const forked = numberOutside(source.cell, pid);
    cgroup.admit(forked);
    using _shown = showAtBerth(ground.libc, { source: source.cell.options.folder, copy: folder });
    this.#pid = await setApart(ground.libc, clock, forked);
  }

  async open(): Promise<Sandbox> {
    const { ground, spec, awsPort, moved, ended } = this.#options;
    const cell = this.#cell;
    const pid = this.#pid;
    invariant(pid !== undefined, 'a copy is open when its process has moved in');
    const { libc, staging, views } = ground;
    const sandbox: NamespaceSandbox = new NamespaceSandbox({
      id: spec.id,
      cell,
      libc,
      staging,
      views,
      awsPort,
      ended: async () => {
        ground.recycle(cell);
        ended(sandbox);
      },
    });
    moved(sandbox);
    try {
      const slot = await ground.adoptNetwork(pid, spec.network);
      cell.movedIn(pid, slot);
      slot.occupy(spec.id);
      sandbox.adopt(pid);
      return sandbox;
    } catch (error) {
      await sandbox.kill();
      throw error;
    }
  }

  async abandon(): Promise<void> {
    await this.#cell.destroy('it was not copied');
    this.#options.ground.recycle(this.#cell);
  }
}

/** Only what is in the source's own control group can be meant, whatever it says. */
function numberOutside({ options }: Cell, inside: number): number {
  const found = options.cgroup.processes().find((pid) => {
    // As seen from each process namespace that it is in, this machine's first.
    const numbers = /^NSpid:(.*)$/m.exec(readStatus(pid))?.[1]?.trim().split(/\s+/).map(Number) ?? [];
    return numbers.length > 1 && numbers.at(-1) === inside;
  });
  if (found === undefined) throw new Error(`Cannot copy a process: its source has no process ${inside}`);
  return found;
}

function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

/** As the user left them. Most leave nothing, and then nothing is started for it. */
async function copyFiles(source: Cell, target: Cell): Promise<void> {
  const from = `${source.options.folder}/tmp`;
  if (readdirSync(from).length === 0) return;
  await source.options.launcher.execute(`cp -a ${quote(`${from}/.`)} ${quote(`${target.options.folder}/tmp/`)}`);
}
