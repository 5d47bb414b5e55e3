/** Decides what an archive's entries become on the disk, before anything is written. */
import { posix } from 'node:path';
import { unzippedBytesMax } from '../../../lambda/model/limits.ts';
import { broken, tooLarge } from './broken.ts';
import type { ZipEntry } from './directory.ts';

export interface PlannedFile {
  readonly path: string;
  readonly mode: number;
  readonly entry: ZipEntry;
}

export interface Plan {
  /** Every folder, parents first, with its mode. */
  readonly folders: ReadonlyMap<string, number>;
  readonly files: readonly PlannedFile[];
  /** Their targets are checked when they have been read (`checkedTarget`). */
  readonly links: readonly PlannedFile[];
  /** Of everything together. */
  readonly unzippedSize: number;
}

const fileType = 0o170000;
const types = { file: 0o100000, folder: 0o040000, link: 0o120000, none: 0 };
const folderMode = 0o755;
const fileMode = 0o644;
const pathBytesMax = 2048;
const nameBytesMax = 255;
const linkTargetBytesMax = 4096;

/** Throws `PackageError` for names, types and sizes that no package may have. */
export function planOf(entries: readonly ZipEntry[]): Plan {
  const plan = new Planner();
  for (const entry of entries) plan.add(entry);
  return plan.done();
}

class Planner {
  readonly #folders = new Map<string, number>();
  readonly #files = new Map<string, PlannedFile>();
  readonly #links = new Map<string, PlannedFile>();
  #unzippedSize = 0;

  add(entry: ZipEntry): void {
    this.#unzippedSize += entry.size;
    if (this.#unzippedSize > unzippedBytesMax) throw tooLarge();
    const path = checkedPath(entry.name);
    const type = typeOf(entry);
    const mode = readable(entry.unixMode);
    if (type === 'folder') return this.#folder(path, entry.unixMode === 0 ? folderMode : mode | 0o700);
    if (path === '') throw broken('an entry has no name');
    if (this.#files.has(path) || this.#links.has(path)) throw broken(`${path} is there twice`);
    this.#parents(path);
    const planned = { path, mode: entry.unixMode === 0 ? fileMode : mode, entry };
    if (type === 'file') this.#files.set(path, planned);
    else this.#links.set(path, linkOf(planned));
  }

  done(): Plan {
    // A file cannot be a folder too, and what goes through a link could go anywhere.
    for (const path of this.#folders.keys()) {
      if (this.#files.has(path) || this.#links.has(path)) throw broken(`${path} is a folder and something else`);
    }
    const [files, links] = [[...this.#files.values()], [...this.#links.values()]];
    const folders = new Map([...this.#folders].sort(([a], [b]) => (a < b ? -1 : 1)));
    return { folders, files, links, unzippedSize: this.#unzippedSize };
  }

  #folder(path: string, mode: number): void {
    if (path === '') return;
    this.#parents(path);
    this.#folders.set(path, mode);
  }

  #parents(path: string): void {
    let parent = posix.dirname(path);
    while (parent !== '.' && !this.#folders.has(parent)) {
      this.#folders.set(parent, folderMode);
      parent = posix.dirname(parent);
    }
  }
}

/** Relative, without `.`, `..` and empty parts; empty for the package's own folder. */
function checkedPath(name: string): string {
  if (name.startsWith('/') || /[\\\0]|^[A-Za-z]:/.test(name)) throw broken(`the name ${JSON.stringify(name)}`);
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  const path = parts.join('/');
  const long = parts.some((part) => Buffer.byteLength(part) > nameBytesMax) || Buffer.byteLength(path) > pathBytesMax;
  if (parts.includes('..') || long) throw broken(`the name ${JSON.stringify(name.slice(0, 100))}`);
  return path;
}

function typeOf({ name, unixMode }: ZipEntry): 'file' | 'folder' | 'link' {
  switch (unixMode & fileType) {
    case types.folder:
      return 'folder';
    case types.link:
      return 'link';
    case types.file:
    case types.none:
      return name.endsWith('/') ? 'folder' : 'file';
    default:
      throw broken(`${name} is a device, a pipe or a socket`);
  }
}

function linkOf(planned: PlannedFile): PlannedFile {
  if (planned.entry.size > linkTargetBytesMax) throw broken(`the link ${planned.path} has a target of absurd length`);
  return planned;
}

/**
 * A link's target, when it stays inside the package. `..` may only come first: after a name it could go up from wherever
 * that name, another link perhaps, leads to.
 */
export function checkedTarget(path: string, target: string): string {
  const refused = broken(`the link ${path} leads outside`);
  const parts = target.split('/');
  const ups = parts.findIndex((part) => part !== '..' && part !== '.');
  const rest = ups === -1 ? [] : parts.slice(ups);
  if (target === '' || target.startsWith('/') || target.includes('\0') || rest.includes('..')) throw refused;
  const resolved = posix.normalize(posix.join(posix.dirname(path), target));
  if (resolved === '..' || resolved.startsWith('../')) throw refused;
  return target;
}

/**
 * What its owner may read and run, everybody may: functions run as a user of their own, and many tools write 0600 into an
 * archive without a thought (Python's `writestr` does). Never writable, never with another's rights.
 */
function readable(unixMode: number): number {
  const owner = (unixMode & 0o500) | 0o400;
  return (unixMode & 0o755) | owner | (owner >> 3) | (owner >> 6);
}
