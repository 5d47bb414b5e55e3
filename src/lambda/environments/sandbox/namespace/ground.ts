import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { invariant } from '../../../../base/invariant.ts';
import { Launcher, quote } from '../launcher.ts';
import { Cell, type CellOptions } from './cell.ts';
import { type CellClass, CellPool } from './cell-pool.ts';
import { Cgroup } from './cgroup/cgroup.ts';
import { type Controllers, favourQuickMoves, findControllers, makeGroup } from './cgroup/controllers.ts';
import { Disks } from './disks.ts';
import { claimInstance, clean, type Instance } from './instance.ts';
import { type Libc, MS } from './libc.ts';
import { MountViews } from './mount-views.ts';
import type { NamespaceOptions } from './namespace-kind.ts';
import { addressesPerInstance, addressRange, defaultNetwork } from './network/addresses.ts';
import type { NetworkSlot } from './network/slot.ts';
import { NetworkSlots } from './network/slots.ts';
import { findProgram } from './programs.ts';
import { readableByOthers } from './readable.ts';
import { compileSeccomp } from './seccomp/compile.ts';
import { Staging } from './staging.ts';
import { buildRoot, refreshResolver } from './system.ts';

const defaultUidBase = 1_900_000_000;
const defaultCellsReady = 2;
const resolverFreshMs = 1_000;

/** The last of a server's ids, which no environment has as its user: there are never so many. */
const environmentsGroup = addressesPerInstance - 1;

interface Claimed {
  readonly options: NamespaceOptions;
  readonly libc: Libc;
  readonly instance: Instance;
  readonly controllers: Controllers;
  readonly groups: readonly string[];
}

/** What all environments of one server stand on; made at the first start, removed at close. */
export class Ground {
  readonly controllers: Controllers;
  readonly cells: CellPool;
  readonly staging: Staging;
  readonly libc: Libc;
  /** The root that environments share. */
  readonly root: string;
  readonly views: MountViews;
  readonly #options: NamespaceOptions;
  readonly #instance: Instance;
  readonly #slots: NetworkSlots;
  readonly #disks: Disks;
  readonly #seccompFile: string;
  readonly #bubblewrap: string;
  readonly #groups: readonly string[];
  readonly #idBase: number;
  readonly #lingering = new Set<Cell>();
  readonly #mountPoints = new Set<string>();
  #launcher: Launcher | undefined;
  #cellsMade = 0;
  #resolverLookedAt = Number.NEGATIVE_INFINITY;

  static open(options: NamespaceOptions, libc: Libc): Ground {
    libc.keepDescriptors();
    const found = (options.findControllers ?? findControllers)();
    const instance = claimInstance(libc, found, options.log);
    try {
      const { controllers, folders } = makeGroup(found, instance.name, options.log);
      return readableByOthers(() => new Ground({ options, libc, instance, controllers, groups: folders }));
    } catch (error) {
      clean(libc, found, instance.index);
      instance.release();
      throw error;
    }
  }

  private constructor({ options, libc, instance, controllers, groups }: Claimed) {
    const bubblewrap = findProgram('bwrap');
    invariant(bubblewrap, 'a server looks for bubblewrap before it stands on it');
    this.#bubblewrap = bubblewrap;
    this.#options = options;
    this.libc = libc;
    this.controllers = controllers;
    this.#instance = instance;
    this.#groups = groups;
    const { folder, name, index } = instance;
    this.#idBase = (options.uidBase ?? defaultUidBase) + index * addressesPerInstance;
    const { unified } = this.controllers;
    if (unified) favourQuickMoves(unified.folder, () => this.#launch(), options.log);
    mountFolders(libc, folder, this.#idBase + environmentsGroup);
    this.root = join(folder, 'root');
    buildRoot(libc, this.root);
    this.views = new MountViews(libc, { folder, without: [join(folder, 'cells'), join(folder, 'staged')] });
    this.staging = new Staging(libc, join(folder, 'staged'));
    this.#seccompFile = join(folder, 'seccomp');
    writeFileSync(this.#seccompFile, compileSeccomp(process.arch === 'arm64' ? 'arm64' : 'x64'), { mode: 0o600 });
    const range = addressRange(options.network ?? defaultNetwork, index);
    const launcher = () => this.#launch();
    this.#slots = new NetworkSlots({ ...options, libc, launcher, name, range });
    this.#disks = new Disks({ libc, launcher, log: options.log, folder: join(options.stateDir, 'disks') });
    this.cells = new CellPool({
      ready: options.cellsReady ?? defaultCellsReady,
      log: options.log,
      make: (wanted) => this.#makeCell(wanted),
      discard: async (cell) => {
        await cell.destroy('nobody needed it');
        this.recycle(cell);
      },
    });
  }

  /** The root is read-only inside, so what is mounted there needs a folder beforehand. */
  makeMountPoint(target: string): void {
    const path = normalize(join('/', target));
    invariant(path === target, 'a mount target is an absolute path in its shortest form');
    // Nothing takes one away again, and each start asks for its runtime's.
    if (this.#mountPoints.has(path)) return;
    readableByOthers(() => mkdirSync(join(this.root, path), { recursive: true }));
    this.#mountPoints.add(path);
  }

  /** For a process that runs already and moves in. */
  makeCellForCopy(tmpBytes: number): Promise<Cell> {
    return Cell.make(this.#cellOptions(tmpBytes));
  }

  /** The network that a process has, with our doors and, where wanted, a way out. */
  adoptNetwork(pid: number, outward: boolean): Promise<NetworkSlot> {
    return this.#slots.adopt(outward, `/proc/${pid}/ns/net`);
  }

  /** What outlives an environment: its network slot, unless it came along with its process. */
  recycle(cell: Cell): void {
    if (cell.slot !== undefined && cell.options.shell !== undefined) this.#slots.release(cell.slot);
    else if (cell.slot !== undefined) this.#slots.discard(cell.slot);
    this.#lingering.add(cell);
    cell.gone.finally(() => this.#lingering.delete(cell));
  }

  /** After all environments are gone. */
  async close(): Promise<void> {
    await this.cells.close();
    for (const cell of this.#lingering) cell.letGo();
    await this.#slots.close();
    await this.#launcher?.close();
    this.#disks.close();
    clean(this.libc, this.controllers, this.#instance.index);
    this.#instance.release();
  }

  async #makeCell({ outward, tmpBytes }: CellClass): Promise<Cell> {
    this.#refreshResolver();
    const slot = await this.#slots.acquire(outward);
    const shell = {
      slot,
      user: this.#idBase + slot.index,
      group: this.#idBase + environmentsGroup,
      bubblewrap: this.#bubblewrap,
      seccompFile: this.#seccompFile,
      views: this.views,
    };
    try {
      return await Cell.make({ ...this.#cellOptions(tmpBytes), shell });
    } catch (error) {
      this.#slots.release(slot);
      throw error;
    }
  }

  #cellOptions(tmpBytes: number): CellOptions {
    const { log, clock } = this.#options;
    const { name, folder } = this.#instance;
    const number = this.#cellsMade++;
    return {
      libc: this.libc,
      launcher: this.#launch(),
      clock,
      log,
      cgroup: new Cgroup(this.controllers, join(name, `${process.pid}-${number}`)),
      folder: join(folder, 'cells', String(number)),
      disks: this.#disks,
      tmpBytes,
    };
  }

  /** Looking at all interfaces of the machine takes milliseconds when there are hundreds of cables. */
  #refreshResolver(): void {
    const now = this.#options.clock.monotonic();
    if (now - this.#resolverLookedAt < resolverFreshMs) return;
    this.#resolverLookedAt = now;
    refreshResolver(join(this.root, 'etc'));
  }

  #launch(): Launcher {
    if (this.#launcher?.alive) return this.#launcher;
    const kill = this.#groups.map((folder) => `${quote(folder)}/*`).join(' ');
    const lastWords = `set +f; for g in ${kill}; do
      [ -e "$g/cgroup.kill" ] && echo 1 >"$g/cgroup.kill"
      [ -e "$g/cgroup.procs" ] && kill -KILL $(cat "$g/cgroup.procs")
      [ -e "$g/freezer.state" ] && echo THAWED >"$g/freezer.state"
    done 2>/dev/null`;
    this.#launcher = new Launcher({ lastWords, log: this.#options.log });
    return this.#launcher;
  }
}

/**
 * Private, so that nothing of this goes to other mount namespaces of the machine (systemd shares `/` with its services),
 * except `cells`, which is shared: what is mounted there later reaches the environments that show a folder of it.
 */
function mountFolders(libc: Libc, folder: string, group: number): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o711 });
  libc.mount({ source: folder, target: folder, flags: MS.BIND });
  libc.mount({ target: folder, flags: MS.PRIVATE });
  const tmpfs = {
    source: 'lambent',
    type: 'tmpfs',
    flags: MS.NOSUID | MS.NODEV,
    data: `mode=0710,gid=${group},size=64m`,
  };
  libc.mount({ ...tmpfs, target: folder });
  const cells = join(folder, 'cells');
  mkdirSync(cells);
  libc.mount({ ...tmpfs, target: cells });
  libc.mount({ target: cells, flags: MS.SHARED });
  for (const name of ['staged', 'here']) mkdirSync(join(folder, name));
  // A mount of its own, so that all that is mounted in it can be taken away at once.
  libc.mount({ ...tmpfs, target: join(folder, 'staged') });
}
