/**
 * Where an environment is shown, for a moment, the `/tmp` and the channel of the copy that is being made of it. They can be
 * seen by one copy at a time: what was there before it was made would stay with it for all its life.
 */
import { existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Libc, MS } from '../libc.ts';
import { readableByOthers } from '../readable.ts';

const shown = ['tmp', 'run'] as const;

/** Folders of cells; what is undone must be so before the next copy is made. */
export function showAtBerth(libc: Libc, { source, copy }: { source: string; copy: string }): Disposable {
  const berth = berthOf(source);
  readableByOthers(() => {
    for (const name of shown) mkdirSync(join(berth, name), { recursive: true });
  });
  for (const name of shown) {
    libc.mount({ source: join(copy, name), target: join(berth, name), flags: MS.BIND });
  }
  return {
    [Symbol.dispose]() {
      for (const name of shown) libc.unmount(join(berth, name));
    },
  };
}

export function removeBerth(libc: Libc, cell: string): void {
  const berth = berthOf(cell);
  if (!existsSync(berth)) return;
  for (const name of readdirSync(berth)) {
    libc.unmount(join(berth, name));
    rmdirSync(join(berth, name));
  }
  rmdirSync(berth);
}

function berthOf(cell: string): string {
  return join(cell, 'run', 'copy');
}
