/**
 * bubblewrap reads the whole mount table once for each mount that it makes, and every environment has mounts: among 500 of
 * them a start would take 25 ms for that alone. So it starts in a view: a mount namespace that has one cell, always at the
 * same place, and nothing of any other.
 */
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { capabilitiesMissing } from './capabilities.ts';
import { type Libc, MS } from './libc.ts';

export interface MountView extends Disposable {
  /** To be entered as long as it is not disposed of; who is in it keeps it. */
  readonly path: string;
}

export class MountViews {
  readonly #here: string;
  /** Without the right to, a start just takes longer. */
  readonly #able = capabilitiesMissing(['CAP_SYS_ADMIN', 'CAP_SYS_CHROOT']).length === 0;
  readonly #libc: Libc;
  readonly #others: readonly string[];

  constructor(libc: Libc, { folder, without }: { folder: string; without: readonly string[] }) {
    this.#libc = libc;
    this.#here = join(folder, 'here');
    this.#others = without;
  }

  /** The folder of the cell, as bubblewrap sees it. What is mounted there later, outside, appears there too. */
  placeOf(cell: string): string {
    return this.#able ? this.#here : cell;
  }

  open(cell: string): MountView | undefined {
    if (!this.#able) return undefined;
    const libc = this.#libc;
    const fd = libc.copyMounts(() => {
      // Nothing that is taken away here goes anywhere else.
      libc.mount({ target: '/', flags: MS.SLAVE | MS.REC });
      libc.mount({ source: cell, target: this.#here, flags: MS.BIND | MS.REC });
      for (const other of this.#others) libc.unmount(other);
    });
    let open = true;
    return {
      path: `/proc/${process.pid}/fd/${fd}`,
      [Symbol.dispose]() {
        if (open) closeSync(fd);
        open = false;
      },
    };
  }
}
