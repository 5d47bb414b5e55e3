/** Makes one folder of several unpacked packages, without their bytes a second time where the file system has links. */
import { chmod, copyFile, link, lstat, mkdir, readdir, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fewAtATime } from './few-at-a-time.ts';
import { type Folder, isFolder, type Leaf, overlay } from './overlay.ts';

/** `into` is there and empty; `from` are folders, of which later ones win. */
export async function layTogether(from: readonly string[], into: string): Promise<void> {
  const trees = await Promise.all(from.map(read));
  const { folders, leaves } = flat(trees.reduce(overlay), into);
  for (const { path } of folders) await mkdir(path, { mode: 0o700 });
  await fewAtATime(leaves, ({ leaf, path }) => place(leaf, path));
  for (const { path, mode } of folders) await chmod(path, mode);
  await chmod(into, 0o755);
}

async function read(folder: string): Promise<Folder> {
  const [{ mode }, entries] = await Promise.all([lstat(folder), readdir(folder, { withFileTypes: true })]);
  const children = new Map<string, Folder | Leaf>();
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) children.set(entry.name, await read(path));
    else children.set(entry.name, { kind: entry.isSymbolicLink() ? 'link' : 'file', path });
  }
  return { mode: mode & 0o777, children };
}

interface Flat {
  /** Parents first. */
  readonly folders: { readonly path: string; readonly mode: number }[];
  readonly leaves: { readonly leaf: Leaf; readonly path: string }[];
}

function flat(tree: Folder, into: string, found: Flat = { folders: [], leaves: [] }): Flat {
  for (const [name, child] of tree.children) {
    const path = join(into, name);
    if (!isFolder(child)) found.leaves.push({ leaf: child, path });
    else {
      found.folders.push({ path, mode: child.mode });
      flat(child, path, found);
    }
  }
  return found;
}

async function place({ kind, path }: Leaf, at: string): Promise<void> {
  if (kind === 'link') return symlink(await readlink(path), at);
  try {
    await link(path, at);
  } catch {
    // No links here, or no more to this file.
    await copyFile(path, at);
    await chmod(at, (await lstat(path)).mode & 0o777);
  }
}
