/** What a server has on the machine: processes, mounts, control groups, interfaces. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Processes with this text among their variables, wherever they were started. */
export function processesWith(text: string): number[] {
  return pids().filter((pid) => pid !== process.pid && readOf(`/proc/${pid}/environ`).includes(text));
}

/** The server's number on this machine: it holds the lock of that name. Undefined where it has no use for one. */
export function serverNumber(pid: number): string | undefined {
  const held = readOf('/proc/locks')
    .split('\n')
    .map((line) => /FLOCK.* (\d+) \w+:\w+:(\d+) /.exec(line))
    .filter((found) => Number(found?.[1]) === pid)
    .map((found) => Number(found?.[2]));
  const locks = namesIn('/run/lambent').filter((name) => name.endsWith('.lock'));
  return locks.find((name) => held.includes(statSync(join('/run/lambent', name)).ino))?.replace('.lock', '');
}

/** Mounts, interfaces and control groups that are named after the server with this number. */
export function belongingsOf(number: string): string[] {
  const named = (text: string) => new RegExp(`lambent/?${number}(?!\\d)`).test(text);
  const mounts = readOf('/proc/self/mountinfo').split('\n').filter(named);
  const interfaces = namesIn('/sys/class/net').filter(named);
  return [...mounts, ...interfaces, ...groups('/sys/fs/cgroup').filter(named)];
}

/** Two levels: the hierarchies of version 1 lie beside each other. */
function groups(root: string): string[] {
  const below = namesIn(root).map((name) => join(root, name));
  return [...below, ...below.flatMap((folder) => namesIn(folder).map((name) => join(folder, name)))];
}

function pids(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

/** Nothing of what is gone, or not ours to see. */
function readOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
