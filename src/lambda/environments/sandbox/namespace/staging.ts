/**
 * What environments may see of this machine's files. An environment is another user and cannot pass a folder like a data
 * directory of mode 0700, so as root each source is first shown, read-only, in a tree that everybody may pass.
 * The first mount must already be read-only: what is mounted from it into a running environment takes over its flags,
 * and changing them afterwards would not reach inside.
 */
import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { invariant } from '../../../../base/invariant.ts';
import { type Libc, MS } from './libc.ts';
import { readableByOthers } from './readable.ts';

/** Sources that no environment uses are kept this many, as the next cold start is likely to want one of them. */
const unusedMax = 128;

export type Access = 'read-only' | 'writable';

interface Staged {
  readonly key: string;
  readonly path: string;
  users: number;
}

export class Staging {
  readonly #libc: Libc;
  readonly #folder: string;
  readonly #staged = new Map<string, Staged>();
  readonly #byPath = new Map<string, Staged>();
  #made = 0;

  constructor(libc: Libc, folder: string) {
    this.#libc = libc;
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** Where the source can be had until `release`. */
  acquire(source: string, access: Access = 'read-only'): string {
    const key = `${access} ${identity(source)}`;
    const staged = this.#staged.get(key) ?? this.#stage(key, source, access);
    staged.users++;
    // Moves to the end: what was used last is given up last.
    this.#staged.delete(key);
    this.#staged.set(key, staged);
    return staged.path;
  }

  release(path: string): void {
    const staged = this.#byPath.get(path);
    invariant(staged && staged.users > 0, 'a staged source is released as often as it was acquired');
    staged.users--;
    if (staged.users === 0) this.#giveUpUnused();
  }

  #stage(key: string, source: string, access: Access): Staged {
    const path = join(this.#folder, String(this.#made++));
    readableByOthers(() => mkdirSync(path));
    if (access === 'read-only') mountReadOnly(this.#libc, source, path);
    else mountWritable(this.#libc, source, path);
    const staged = { key, path, users: 0 };
    this.#staged.set(key, staged);
    this.#byPath.set(path, staged);
    return staged;
  }

  #giveUpUnused(): void {
    const unused = [...this.#staged.values()].filter(({ users }) => users === 0);
    for (const { key, path } of unused.slice(0, Math.max(0, unused.length - unusedMax))) {
      this.#libc.unmount(path);
      rmdirSync(path);
      this.#staged.delete(key);
      this.#byPath.delete(path);
    }
  }
}

/** A folder that was deleted and made again at the same path is another source. */
function identity(source: string): string {
  const { dev, ino } = statSync(source);
  return `${dev}:${ino}:${source}`;
}

function mountWritable(libc: Libc, source: string, target: string): void {
  libc.mount({ source, target, flags: MS.BIND });
  libc.mount({ target, flags: MS.REMOUNT | MS.BIND | MS.NOSUID | MS.NODEV });
}

export function mountReadOnly(libc: Libc, source: string, target: string): void {
  libc.mount({ source, target, flags: MS.BIND });
  libc.mount({ target, flags: MS.REMOUNT | MS.BIND | MS.RDONLY | MS.NOSUID | MS.NODEV });
}
