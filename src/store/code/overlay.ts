/**
 * Packages laid over each other, as layers are under /opt. Folders are joined; of anything else the later one stays, and
 * takes with it what was below where it is not a folder itself.
 */
export interface Folder {
  readonly mode: number;
  readonly children: ReadonlyMap<string, Folder | Leaf>;
}

export interface Leaf {
  readonly kind: 'file' | 'link';
  /** Where it is now. */
  readonly path: string;
}

export function overlay(below: Folder, above: Folder): Folder {
  const children = new Map(below.children);
  for (const [name, child] of above.children) {
    const covered = children.get(name);
    children.set(name, isFolder(child) && isFolder(covered) ? overlay(covered, child) : child);
  }
  return { mode: above.mode, children };
}

export function isFolder(entry: Folder | Leaf | undefined): entry is Folder {
  return entry !== undefined && 'children' in entry;
}
