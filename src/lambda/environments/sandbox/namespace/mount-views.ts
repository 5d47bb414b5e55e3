/**
 * bubblewrap reads the whole mount table once for each mount that it makes, and every environment has mounts: among 500 of
 * them a start would take 25 ms for that alone. So it starts in a view: a mount namespace that has one cell, always at the
 * same place, and nothing of any other.
 */
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { type Libc, MS } from './libc.ts';

export interface MountView extends Disposable {
  /** To be entered as long as it is not disposed of; who is in it keeps it. */
  readonly path: string;
}

export class MountViews {
  /** The folder of the cell, as one sees it inside. What is mounted there later, outside, appears there too. */
  readonly here: string;
  readonly #libc: Libc;
  readonly #others: readonly string[];

  constructor(libc: Libc, { folder, without }: { folder: string; without: readonly string[] }) {
    this.#libc = libc;
    this.here = join(folder, 'here');
    this.#others = without;
  }

  open(cell: string): MountView {
    const libc = this.#libc;
    const fd = libc.copyMounts(() => {
      // Nothing that is taken away here goes anywhere else.
      libc.mount({ target: '/', flags: MS.SLAVE | MS.REC });
      libc.mount({ source: cell, target: this.here, flags: MS.BIND | MS.REC });
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
