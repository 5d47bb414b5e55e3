import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Folder, isFolder, type Leaf, overlay } from '../../src/store/code/overlay.ts';
import { dice } from '../harness/dice.ts';

type Paths = Map<string, 'folder' | string>;

/** What an unpacker does that writes one package after the other into the same place. */
function written(packages: readonly Folder[]): Paths {
  const paths: Paths = new Map();
  const remove = (path: string) => {
    for (const each of [...paths.keys()]) if (each === path || each.startsWith(`${path}/`)) paths.delete(each);
  };
  for (const one of packages) {
    for (const [path, what] of listed(one)) {
      if (what !== 'folder' || paths.get(path) !== 'folder') remove(path);
      paths.set(path, what);
    }
  }
  return paths;
}

/** Parents first. */
function listed(folder: Folder, at = '', paths: Paths = new Map()): Paths {
  for (const [name, child] of folder.children) {
    const path = `${at}/${name}`;
    paths.set(path, isFolder(child) ? 'folder' : child.path);
    if (isFolder(child)) listed(child, path, paths);
  }
  return paths;
}

function invented(next: () => number, label: string, depth = 3): Folder {
  const children = new Map<string, Folder | Leaf>();
  for (const name of ['a', 'b', 'c']) {
    const choice = next();
    if (choice < 0.3) continue;
    const leaf: Leaf = { kind: choice < 0.4 ? 'link' : 'file', path: `${label}-${depth}-${name}` };
    children.set(name, choice < 0.65 && depth > 0 ? invented(next, label, depth - 1) : leaf);
  }
  return { mode: 0o755, children };
}

test('Overlaid packages are what unpacking one over the other would leave, whatever is in them', () => {
  for (let seed = 1; seed <= 500; seed++) {
    const random = dice(seed);
    const count = 2 + Math.floor(random() * 4);
    const packages = Array.from({ length: count }, (_, index) => invented(random, `p${index}`));
    const found = listed(packages.reduce(overlay));
    assert.deepEqual(sorted(found), sorted(written(packages)), `seed ${seed}`);
  }
});

const sorted = (paths: Paths) => [...paths].sort(([a], [b]) => (a < b ? -1 : 1));
