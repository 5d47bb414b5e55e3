/** Which control group hierarchies this machine has and where a server may make groups: version 1, 2, or both (hybrid). */
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../../../../../observe/log.ts';
import { type Launcher, quote } from '../../launcher.ts';

export interface Controller {
  readonly version: 1 | 2;
  /** The folder in which a server makes its own group. */
  readonly folder: string;
}

export interface Controllers {
  readonly memory?: Controller;
  readonly cpu?: Controller;
  readonly pids?: Controller;
  /** Freezing: version 2 needs no controller for it, version 1 does. */
  readonly freezer?: Controller;
  /** A version 2 hierarchy whatever its controllers: `cgroup.kill`, `cgroup.freeze`. */
  readonly unified?: Controller;
}

const wanted = ['memory', 'cpu', 'pids'] as const;

/** Found per controller, as a hybrid machine has some in version 1 and none in version 2. */
export function findControllers(): Controllers {
  const mounts = cgroupMounts();
  const own = ownGroups();
  const legacy = (name: string): Controller | undefined => {
    const mount = mounts.find(({ type, options }) => type === 'cgroup' && options.includes(name));
    return mount && writable({ version: 1, folder: join(mount.path, own.get(name) ?? '/') });
  };
  const mount2 = mounts.find(({ type }) => type === 'cgroup2');
  // Version 2 forbids groups below a group with processes, so ours stand at the top and not below the server's own.
  const unified = mount2 && writable({ version: 2, folder: mount2.path });
  const available = unified ? readWords(join(unified.folder, 'cgroup.controllers')) : [];
  const find = (name: string) => legacy(name) ?? (available.includes(name) ? unified : undefined);
  return {
    memory: find('memory'),
    cpu: find('cpu'),
    pids: find('pids'),
    freezer: unified ?? legacy('freezer'),
    unified,
  };
}

/** Makes a server's own group in each hierarchy and passes the controllers on to its children. */
export function makeGroup(found: Controllers, name: string, log: Log): { controllers: Controllers; folders: string[] } {
  const folders = groupFolders(found, name);
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  try {
    if (found.unified) passOn(found.unified.folder, name, found);
    return { controllers: found, folders };
  } catch (error) {
    // In a container whose own processes sit at the top of its hierarchy; freezing and killing still work.
    log.warn('Limits of memory, processor and processes cannot be held: the machine does not pass its controllers on', {
      why: String(error),
    });
    const held = (controller?: Controller) => (controller?.version === 1 ? controller : undefined);
    const { memory, cpu, pids } = found;
    return { controllers: { ...found, memory: held(memory), cpu: held(cpu), pids: held(pids) }, folders };
  }
}

export function groupFolders(controllers: Controllers, name: string): string[] {
  const parents = Object.values(controllers).map((controller: Controller) => controller?.folder);
  return [...new Set(parents.filter((folder) => folder !== undefined))].map((folder) => join(folder, name));
}

/**
 * Moving a process into a group waits 6–14 ms for all processors to pass a quiet state, and holds a lock meanwhile that a
 * freeze of another environment needs: 14 ms during which the server would stand still. `favordynmods` (Linux 6.0) is the
 * kernel's own remedy: moves take 0.1 ms, for a little more work at each fork and exit. It is one switch for the machine.
 */
export function favourQuickMoves(folder: string, launcher: () => Launcher, log: Log): void {
  const mount = cgroupMounts().find(({ path }) => path === folder);
  if (!mount || mount.options.includes('favordynmods')) return;
  launcher()
    .execute(`mount -o remount,favordynmods ${quote(folder)}`)
    .then(() => log.info('Turned on favordynmods for control groups, so that environments start sooner', { folder }))
    .catch((error) => log.debug('This kernel has no favordynmods', { why: String(error) }));
}

function passOn(top: string, name: string, controllers: Controllers): void {
  const inUnified = wanted.filter((controller) => controllers[controller]?.version === 2);
  if (inUnified.length === 0) return;
  const words = inUnified.map((controller) => `+${controller}`).join(' ');
  writeFileSync(join(top, 'cgroup.subtree_control'), words);
  writeFileSync(join(top, name, 'cgroup.subtree_control'), words);
}

function cgroupMounts(): { path: string; type: string; options: string[] }[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n');
  return lines.flatMap((line) => {
    const [left = '', right = ''] = line.split(' - ');
    const path = left.split(' ')[4];
    const [type = '', , options = ''] = right.split(' ');
    return path && type.startsWith('cgroup') ? [{ path, type, options: options.split(',') }] : [];
  });
}

/** `8:pids:/a/b` lines: the group this process is in, by controller. */
function ownGroups(): Map<string, string> {
  const groups = new Map<string, string>();
  for (const line of readFileSync('/proc/self/cgroup', 'utf8').trim().split('\n')) {
    const [, names = '', path = '/'] = line.split(':');
    for (const name of names.split(',')) groups.set(name, path);
  }
  return groups;
}

function writable(controller: Controller): Controller | undefined {
  try {
    accessSync(controller.folder, constants.W_OK);
    return controller;
  } catch {
    return undefined;
  }
}

function readWords(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split(' ') : [];
}
