/** The mount table of this machine, as far as it lies below a folder of ours. */
import { readFileSync } from 'node:fs';
import type { Libc } from './libc.ts';

/** Mount points at and below the folder, innermost first. */
export function mountsBelow(folder: string): string[] {
  const points = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => unescaped(line.split(' ')[4] ?? ''))
    .filter((point) => point === folder || point.startsWith(`${folder}/`));
  return points.reverse();
}

/** False when something stayed mounted: then nothing below the folder may be deleted, it could be somebody's data. */
export function unmountAllBelow(libc: Libc, folder: string): boolean {
  for (const point of mountsBelow(folder)) libc.unmount(point);
  return mountsBelow(folder).length === 0;
}

function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
