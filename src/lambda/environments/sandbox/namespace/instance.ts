/**
 * Which of the servers on this machine this one is. Bridge, firewall table, control groups, users and addresses are the
 * machine's, not a folder's; so each server takes a number and names everything after it. The number is a lock that the
 * kernel gives back when the server ends, however it ends; what a dead server left behind is cleaned by the next to start.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../../../../observe/log.ts';
import { killProcess, removeFolder } from './cgroup/cgroup.ts';
import { type Controllers, groupFolders } from './cgroup/controllers.ts';
import type { Libc } from './libc.ts';
import { unmountAllBelow } from './mounts.ts';
import { isOwnInterface } from './network/egress.ts';

export interface Instance {
  readonly index: number;
  /** `lambent0`: the name of the bridge, of the firewall table and of the control group. */
  readonly name: string;
  /** Small files, pipes, sockets and mount points, in memory. */
  readonly folder: string;
  release(): void;
}

/** 64 servers of 1,022 environments share the address range and the user ids. */
export const instancesMax = 64;

// Not a setting: two servers that looked in two places would both be number 0.
const registry = '/run/lambent';

export function claimInstance(libc: Libc, controllers: Controllers, log: Log): Instance {
  mkdirSync(registry, { recursive: true });
  chmodSync(registry, 0o711);
  cleanAfterTheDead(libc, controllers, log);
  for (let index = 0; index < instancesMax; index++) {
    const fd = openSync(lockPath(index), 'a', 0o600);
    if (!libc.tryLock(fd)) {
      closeSync(fd);
      continue;
    }
    clean(libc, controllers, index);
    writeFileSync(lockPath(index), groupFolders(controllers, instanceName(index)).join('\n'));
    return instance(index, fd);
  }
  throw new Error(`Cannot take a number for this server: all ${instancesMax} in "${registry}" are taken`);
}

function instance(index: number, fd: number): Instance {
  const folder = join(registry, String(index));
  return {
    index,
    name: instanceName(index),
    folder,
    release() {
      closeSync(fd);
    },
  };
}

const instanceName = (index: number) => `lambent${index}`;
const lockPath = (index: number) => join(registry, `${index}.lock`);

/** Also frees the numbers that nobody would claim soon. */
function cleanAfterTheDead(libc: Libc, controllers: Controllers, log: Log): void {
  for (const entry of readdirSync(registry)) {
    const index = /^(\d+)$/.exec(entry)?.[1];
    if (index === undefined) continue;
    const fd = openSync(lockPath(Number(index)), 'a', 0o600);
    if (libc.tryLock(fd)) {
      log.info('Cleaning up after a server that was killed', { instance: instanceName(Number(index)) });
      clean(libc, controllers, Number(index));
    }
    closeSync(fd);
  }
}

/** Removes everything that bears the number. Its lock must be held. */
export function clean(libc: Libc, controllers: Controllers, index: number): void {
  for (const folder of [...groupFolders(controllers, instanceName(index)), ...groupsOfBefore(index)])
    removeGroups(folder);
  const folder = join(registry, String(index));
  if (!existsSync(folder)) return;
  removeNetwork(instanceName(index));
  if (!unmountAllBelow(libc, folder)) throw new Error(`Cannot clean "${folder}": something stays mounted there`);
  rmSync(folder, { recursive: true, force: true });
}

/** Version 1 groups stand below the group that their server was in: the dead one's may have been another session's. */
function groupsOfBefore(index: number): string[] {
  const folders = readFileSync(lockPath(index), 'utf8').split('\n');
  return folders.filter((folder) => folder.endsWith(`/${instanceName(index)}`));
}

function removeGroups(folder: string): void {
  if (!existsSync(folder)) return;
  const groups = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const group of groups) {
    const path = join(folder, group.name);
    if (existsSync(join(path, 'cgroup.kill'))) writeFileSync(join(path, 'cgroup.kill'), '1');
    for (const pid of readFileSync(join(path, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean))
      killProcess(Number(pid));
    if (existsSync(join(path, 'freezer.state'))) writeFileSync(join(path, 'freezer.state'), 'THAWED');
  }
  // What was killed just now may need a moment; a group that stays is removed by a later start.
  for (const group of groups) removeFolder(join(folder, group.name));
  removeFolder(folder);
}

function removeNetwork(name: string): void {
  const own = readdirSync('/sys/class/net').filter((entry) => isOwnInterface(entry, name));
  for (const entry of own) quietly('ip', ['link', 'delete', entry]);
  if (own.length > 0) quietly('nft', ['delete', 'table', 'inet', name]);
}

function quietly(program: string, words: readonly string[]): void {
  try {
    execFileSync(program, words, { stdio: 'ignore', timeout: 5_000, env: { PATH: '/usr/sbin:/sbin:/usr/bin:/bin' } });
  } catch {
    // Not there, or half there: whoever needs the name next says what is in the way.
  }
}
