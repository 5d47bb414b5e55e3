import { join } from 'node:path';
import type { Placement, SandboxPaths, SandboxSpec } from '../sandbox.ts';

/** Where a plain process finds what a namespace would show at Lambda's own paths. */
export class ProcessPaths implements SandboxPaths {
  readonly tmp: string;
  readonly #sources: Map<string, string>;

  constructor(spec: SandboxSpec, folder: string) {
    this.tmp = join(folder, 'tmp');
    const nothing = join(folder, 'nothing');
    this.#sources = new Map([
      ...spec.mounts.map(({ source, target }): [string, string] => [target, source]),
      ['/tmp', this.tmp],
      ['/var/task', spec.code?.task ?? nothing],
      ['/opt', spec.code?.opt ?? nothing],
    ]);
  }

  get task(): string {
    return this.at('/var/task');
  }

  get opt(): string {
    return this.at('/opt');
  }

  at(target: string): string {
    return this.#sources.get(target) ?? target;
  }

  place(code: Placement): void {
    this.#sources.set('/var/task', code.task);
    if (code.opt !== undefined) this.#sources.set('/opt', code.opt);
  }
}
