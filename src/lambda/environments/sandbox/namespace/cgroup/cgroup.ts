import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmdirSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Controller, Controllers } from './controllers.ts';

/** As on Lambda: more processes and threads than that cannot be. */
const processesMax = 1_024;

/** A short period keeps the pauses of a small function short: 128 MB runs 1.4 ms of each 20, not 7 of each 100. */
const cpuPeriodMicroseconds = 20_000;
const cpuQuotaMicrosecondsMin = 1_000;

/** One environment's control group, in as many hierarchies as the machine has. */
export class Cgroup {
  /** Where a process writes `0` to enter. */
  readonly entrances: readonly string[];
  readonly #controllers: Controllers;
  readonly #path: string;
  // Kept open: opening would triple the cost of a freeze.
  #freezer: number | undefined;
  #peakFile: number | undefined;
  #limit = Number.POSITIVE_INFINITY;
  #kernelPeak = 0;
  #peak = 0;
  #lastKills = 0;

  constructor(controllers: Controllers, path: string) {
    this.#controllers = controllers;
    this.#path = path;
    const folders = this.#folders();
    for (const folder of folders) mkdirSync(folder, { recursive: true });
    this.entrances = folders.map((folder) => join(folder, 'cgroup.procs'));
    const { memory, pids, freezer } = controllers;
    if (memory) this.#peakFile = openSync(this.#peakPath(memory), 'r');
    if (pids) writeFileSync(this.#file(pids, 'pids.max'), String(processesMax));
    if (freezer) this.#freezer = openSync(this.#file(freezer, freezeFile[freezer.version].name), 'w');
  }

  setMemoryLimit(bytes: number): void {
    const { memory } = this.#controllers;
    if (!memory) return;
    this.#limit = bytes;
    if (memory.version === 2) {
      writeFileSync(this.#file(memory, 'memory.max'), String(bytes));
      this.#writeIfThere(memory, 'memory.swap.max', '0');
    } else {
      writeFileSync(this.#file(memory, 'memory.limit_in_bytes'), String(bytes));
      this.#writeIfThere(memory, 'memory.memsw.limit_in_bytes', String(bytes));
    }
  }

  /** `vcpus` in processors; undefined for all there are. */
  setCpuLimit(vcpus: number | undefined): void {
    const { cpu } = this.#controllers;
    if (!cpu) return;
    const quota = vcpus && Math.max(cpuQuotaMicrosecondsMin, Math.round(vcpus * cpuPeriodMicroseconds));
    if (cpu.version === 2) {
      writeFileSync(this.#file(cpu, 'cpu.max'), `${quota ?? 'max'} ${cpuPeriodMicroseconds}`);
    } else {
      if (quota) writeFileSync(this.#file(cpu, 'cpu.cfs_period_us'), String(cpuPeriodMicroseconds));
      writeFileSync(this.#file(cpu, 'cpu.cfs_quota_us'), String(quota ?? -1));
    }
  }

  freeze(): void {
    this.#setFrozen('freeze');
  }

  thaw(): void {
    this.#setFrozen('thaw');
  }

  /**
   * The peak that the kernel keeps counts the cache of files too, which a function that writes to `/tmp` fills up to its
   * limit. What is cache now and nobody has mapped is taken off: the kernel would give it back.
   */
  memoryPeak(): number {
    const { memory } = this.#controllers;
    if (!memory || this.#peakFile === undefined) return this.#peak;
    const kernelPeak = readNumber(this.#peakFile);
    // Asked after each invocation: one small read as long as nothing changes.
    if (kernelPeak === this.#kernelPeak && kernelPeak < this.#limit) return this.#peak;
    this.#kernelPeak = kernelPeak;
    const stat = readFileSync(this.#file(memory, 'memory.stat'), 'utf8');
    this.#peak = Math.max(this.#peak, kernelPeak - idleCacheBytes(stat, memory.version));
    return this.#peak;
  }

  outOfMemoryKills(): number {
    const { memory } = this.#controllers;
    if (!memory || this.#peakFile === undefined) return this.#lastKills;
    const file = this.#file(memory, memory.version === 2 ? 'memory.events' : 'memory.oom_control');
    this.#lastKills = Number(/^oom_kill (\d+)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? 0);
    return this.#lastKills;
  }

  /** Kills everything inside, frozen or not. False where there is no group to look into. */
  killAll(): boolean {
    const { unified } = this.#controllers;
    if (unified && existsSync(this.#file(unified, 'cgroup.kill'))) {
      writeFileSync(this.#file(unified, 'cgroup.kill'), '1');
      return true;
    }
    for (const pid of this.processes()) killProcess(pid);
    // A process that version 1 has frozen dies when it thaws.
    this.thaw();
    return this.entrances.length > 0;
  }

  /** Moves a process in. */
  admit(pid: number): void {
    for (const entrance of this.entrances) writeFileSync(entrance, String(pid));
  }

  processes(): number[] {
    const [entrance] = this.entrances;
    if (entrance === undefined || !existsSync(entrance)) return [];
    return readFileSync(entrance, 'utf8').split('\n').filter(Boolean).map(Number);
  }

  /** False while something in it has not been taken away by the kernel yet; ask again soon. */
  remove(): boolean {
    this.memoryPeak();
    this.outOfMemoryKills();
    for (const fd of [this.#freezer, this.#peakFile]) if (fd !== undefined) closeSync(fd);
    this.#freezer = undefined;
    this.#peakFile = undefined;
    return this.#folders().every(removeFolder);
  }

  #peakPath(memory: Controller): string {
    if (memory.version === 1) return this.#file(memory, 'memory.max_usage_in_bytes');
    // memory.peak is there since Linux 5.19; before, the present use is the best that can be told.
    const path = this.#file(memory, 'memory.peak');
    return existsSync(path) ? path : this.#file(memory, 'memory.current');
  }

  #setFrozen(what: 'freeze' | 'thaw'): void {
    const { freezer } = this.#controllers;
    if (freezer && this.#freezer !== undefined) writeSync(this.#freezer, freezeFile[freezer.version][what], 0);
  }

  #writeIfThere(controller: Controller, file: string, value: string): void {
    if (existsSync(this.#file(controller, file))) writeFileSync(this.#file(controller, file), value);
  }

  #file(controller: Controller, file: string): string {
    return join(controller.folder, this.#path, file);
  }

  #folders(): string[] {
    const parents = Object.values(this.#controllers).flatMap((controller: Controller | undefined) =>
      controller ? [controller.folder] : [],
    );
    return [...new Set(parents)].map((folder) => join(folder, this.#path));
  }
}

const numberText = Buffer.alloc(32);

function readNumber(fd: number): number {
  return Number(numberText.toString('latin1', 0, readSync(fd, numberText, 0, numberText.length, 0)));
}

const cacheNames = {
  1: { cache: 'total_cache', shared: 'total_shmem', mapped: 'total_mapped_file' },
  2: { cache: 'file', shared: 'shmem', mapped: 'file_mapped' },
} as const;

function idleCacheBytes(stat: string, version: 1 | 2): number {
  const value = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(stat)?.[1] ?? 0);
  const { cache, shared, mapped } = cacheNames[version];
  return Math.max(0, value(cache) - value(shared) - value(mapped));
}

const freezeFile = {
  1: { name: 'freezer.state', freeze: 'FROZEN', thaw: 'THAWED' },
  2: { name: 'cgroup.freeze', freeze: '1', thaw: '0' },
} as const;

export function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself between the list and the signal.
  }
}

export function removeFolder(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}
