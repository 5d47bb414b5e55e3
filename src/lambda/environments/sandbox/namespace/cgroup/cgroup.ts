import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmdirSync, writeFileSync, writeSync } from 'node:fs';
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
  #lastPeak = 0;
  #lastKills = 0;

  constructor(controllers: Controllers, path: string) {
    this.#controllers = controllers;
    this.#path = path;
    const folders = this.#folders();
    for (const folder of folders) mkdirSync(folder, { recursive: true });
    this.entrances = folders.map((folder) => join(folder, 'cgroup.procs'));
    const { pids, freezer } = controllers;
    if (pids) writeFileSync(this.#file(pids, 'pids.max'), String(processesMax));
    if (freezer) this.#freezer = openSync(this.#file(freezer, freezeFile[freezer.version].name), 'w');
  }

  setMemoryLimit(bytes: number): void {
    const { memory } = this.#controllers;
    if (!memory) return;
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

  memoryPeak(): number {
    const { memory } = this.#controllers;
    if (!memory || this.#freezer === undefined) return this.#lastPeak;
    const file = memory.version === 2 ? 'memory.peak' : 'memory.max_usage_in_bytes';
    // memory.peak is there since Linux 5.19; before, the present use is the best that can be told.
    const path = existsSync(this.#file(memory, file)) ? this.#file(memory, file) : this.#file(memory, 'memory.current');
    this.#lastPeak = Math.max(this.#lastPeak, Number(readFileSync(path, 'utf8')));
    return this.#lastPeak;
  }

  outOfMemoryKills(): number {
    const { memory } = this.#controllers;
    if (!memory || this.#freezer === undefined) return this.#lastKills;
    const file = this.#file(memory, memory.version === 2 ? 'memory.events' : 'memory.oom_control');
    this.#lastKills = Number(/^oom_kill (\d+)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? 0);
    return this.#lastKills;
  }

  /** Kills everything inside, frozen or not. */
  killAll(): void {
    const { unified } = this.#controllers;
    if (unified && existsSync(this.#file(unified, 'cgroup.kill'))) {
      writeFileSync(this.#file(unified, 'cgroup.kill'), '1');
      return;
    }
    for (const pid of this.processes()) killProcess(pid);
    this.thaw();
  }

  processes(): number[] {
    const [entrance] = this.entrances;
    if (entrance === undefined || !existsSync(entrance)) return [];
    return readFileSync(entrance, 'utf8').split('\n').filter(Boolean).map(Number);
  }

  /** False while something in it has not been taken away by the kernel yet; ask again soon. */
  remove(): boolean {
    if (this.#freezer !== undefined) {
      this.memoryPeak();
      this.outOfMemoryKills();
      closeSync(this.#freezer);
      this.#freezer = undefined;
    }
    return this.#folders().every(removeFolder);
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
