/**
 * Sets a process that was forked in an environment apart from it, so that it is in one of its own: namespaces of every
 * kind, its own `/tmp`, `/proc`, `/dev/pts` and channel, and no way back. The process itself could do none of this, and
 * does not: it is held meanwhile, and its rights in the new namespaces are gone before it goes on.
 *
 * A process without rights may make a user namespace, and has all rights in that; what it may then do concerns only the
 * namespaces that it made along.
 */
import { readFileSync } from 'node:fs';
import type { Clock } from '../../../../../base/clock.ts';
import type { Libc } from '../libc.ts';
import { insideUser } from '../system.ts';
import { Tracee } from './tracee.ts';

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET; the parent hears of its end by SIGCHLD. */
const apart = 0x7e020000 | 17;

const call = { write: 1, close: 3, munmap: 11, capset: 126, prctl: 157, mount: 165, openat: 257 } as const;
const AT_FDCWD = -100;
const O_WRONLY = 1;
const PR_CAPBSET_DROP = 24;
const LINUX_CAPABILITY_VERSION_3 = 0x20080522;

const MS = { RDONLY: 1, NOSUID: 2, NODEV: 4, NOEXEC: 8, REMOUNT: 32, BIND: 4096 } as const;

/** Where the environment that it was forked in shows what the copy is to have. */
export const berthInside = '/run/lambent/copy';

interface Mounted {
  readonly source?: string;
  readonly target: string;
  readonly type?: string;
  readonly flags: number;
  readonly data?: string;
}

const mounts: readonly Mounted[] = [
  { source: `${berthInside}/tmp`, target: '/tmp', flags: MS.BIND },
  // Covers the berth as well.
  { source: `${berthInside}/run`, target: '/run/lambent', flags: MS.BIND },
  { target: '/run/lambent', flags: MS.REMOUNT | MS.BIND | MS.RDONLY | MS.NOSUID | MS.NODEV },
  { source: 'proc', target: '/proc', type: 'proc', flags: MS.NOSUID | MS.NODEV | MS.NOEXEC },
  {
    source: 'devpts',
    target: '/dev/pts',
    type: 'devpts',
    flags: MS.NOSUID | MS.NOEXEC,
    data: 'newinstance,ptmxmode=0666,mode=620',
  },
];

/** Resolves with the process id of the copy, as this machine counts; what was forked has then ended. */
export async function setApart(libc: Libc, clock: Clock, forked: number): Promise<number> {
  const held = await Tracee.hold(libc, clock, forked);
  try {
    const copy = await held.copy(apart);
    try {
      await becomeUser(copy);
      for (const mounted of mounts) await mount(copy, mounted);
      await giveUpRights(copy);
      copy.release();
      return copy.pid;
    } catch (error) {
      await copy.kill();
      throw error;
    }
  } finally {
    await held.kill();
  }
}

/** The same user as where it comes from. */
async function becomeUser(copy: Tracee): Promise<void> {
  await writeFile(copy, '/proc/self/setgroups', 'deny');
  await writeFile(copy, '/proc/self/uid_map', `${insideUser.uid} ${insideUser.uid} 1`);
  await writeFile(copy, '/proc/self/gid_map', `${insideUser.gid} ${insideUser.gid} 1`);
}

async function writeFile(copy: Tracee, path: string, text: string): Promise<void> {
  const [name = 0n, content = 0n] = await copy.write(zeroEnded(path), Buffer.from(text));
  const fd = await copy.call(`open "${path}"`, call.openat, AT_FDCWD, name, O_WRONLY);
  await copy.call(`write "${path}"`, call.write, fd, content, text.length);
  await copy.call(`close "${path}"`, call.close, fd);
}

async function mount(copy: Tracee, { source, target, type, flags, data }: Mounted): Promise<void> {
  const given = [source, target, type, data];
  const addresses = await copy.write(...given.map((text) => zeroEnded(text ?? '')));
  const [from = 0n, to = 0n, kind = 0n, more = 0n] = addresses.map((at, index) =>
    given[index] === undefined ? 0n : at,
  );
  await copy.call(`mount "${target}"`, call.mount, from, to, kind, flags, more);
}

/** All of them, and for good: it has given up gaining some (`no_new_privs`) where it comes from. */
async function giveUpRights(copy: Tracee): Promise<void> {
  const last = Number(readFileSync('/proc/sys/kernel/cap_last_cap', 'utf8'));
  for (let capability = 0; capability <= last; capability++) {
    await copy.call('drop a capability', call.prctl, PR_CAPBSET_DROP, capability);
  }
  const header = Buffer.alloc(8);
  header.writeUInt32LE(LINUX_CAPABILITY_VERSION_3);
  const [version = 0n, none = 0n] = await copy.write(header, Buffer.alloc(24));
  await copy.call('drop all capabilities', call.capset, version, none);
  await copy.call('give memory back', call.munmap, version, 4_096);
}

function zeroEnded(text: string): Buffer {
  return Buffer.from(`${text}\0`);
}
