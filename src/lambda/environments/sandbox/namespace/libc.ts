/**
 * The few system calls that Node.js does not offer, through `node:ffi` (Node.js 26). A bind mount costs 20 µs this way and
 * 3 ms as a process.
 */
import { closeSync, openSync } from 'node:fs';
import { getSystemErrorName } from 'node:util';

type Ffi = typeof import('node:ffi');

const signatures = {
  mount: { arguments: ['pointer', 'string', 'pointer', 'u64', 'pointer'], return: 'i32' },
  umount2: { arguments: ['string', 'i32'], return: 'i32' },
  mkfifo: { arguments: ['string', 'u32'], return: 'i32' },
  unshare: { arguments: ['i32'], return: 'i32' },
  setns: { arguments: ['i32', 'i32'], return: 'i32' },
  fchdir: { arguments: ['i32'], return: 'i32' },
  chroot: { arguments: ['string'], return: 'i32' },
  flock: { arguments: ['i32', 'i32'], return: 'i32' },
  socket: { arguments: ['i32', 'i32', 'i32'], return: 'i32' },
  bind: { arguments: ['i32', 'pointer', 'u32'], return: 'i32' },
  connect: { arguments: ['i32', 'pointer', 'u32'], return: 'i32' },
  listen: { arguments: ['i32', 'i32'], return: 'i32' },
  close_range: { arguments: ['u32', 'u32', 'i32'], return: 'i32' },
  close: { arguments: ['i32'], return: 'i32' },
  ioctl: { arguments: ['i32', 'u64', 'pointer'], return: 'i32' },
  ptrace: { arguments: ['u64', 'i32', 'u64', 'pointer'], return: 'i64' },
  waitpid: { arguments: ['i32', 'pointer', 'i32'], return: 'i32' },
  __errno_location: { arguments: [], return: 'pointer' },
} as const;

export const MS = {
  RDONLY: 1,
  NOSUID: 2,
  NODEV: 4,
  REMOUNT: 32,
  BIND: 4096,
  REC: 16384,
  PRIVATE: 1 << 18,
  SLAVE: 1 << 19,
  SHARED: 1 << 20,
} as const;

const MNT_DETACH = 2;
const CLONE_NEWNS = 0x00020000;
const CLONE_NEWNET = 0x40000000;
const LOCK_EX_NB = 2 | 4;
const CLOSE_RANGE_CLOEXEC = 4;
const EXT4_IOC_SHUTDOWN = 0x8004587dn;
const WITHOUT_FLUSH = Buffer.from(Uint32Array.of(2).buffer);
const AF_INET = 2;
const SOCK_STREAM_CLOEXEC = 1 | 0o2000000;
const SOCK_NONBLOCK = 0o4000;
const EINPROGRESS = 115;
const WNOHANG_WALL = 0x40000001;

/** Says what could not be done in the kernel's words: `Cannot mount "/a": EPERM`. */
export class SystemCallError extends Error {
  override readonly name = 'SystemCallError';
  readonly code: string;

  constructor(attempt: string, errno: number) {
    const code = getSystemErrorName(-errno);
    super(`Cannot ${attempt}: ${code}`);
    this.code = code;
  }
}

export interface Libc {
  mount(options: { source?: string; target: string; type?: string; flags: number; data?: string }): void;
  /** Takes the mount away at once; what still uses it keeps it until it ends. False when there was none. */
  unmount(target: string): boolean;
  mkfifo(path: string, mode: number): void;
  /** What this program inherited from whoever started it goes no further: not into an environment. */
  keepDescriptors(): void;
  /** The ext4 file system mounted there writes nothing any more, and loses what it has not written. */
  abandonFileSystem(path: string): void;
  /** Whether the lock is ours now; it ends with this process, however that ends. */
  tryLock(fd: number): boolean;
  /**
   * A descriptor of a new mount namespace: a copy of this thread's, in which `change` was made. The thread is back in its
   * own when this returns, with the root and the folder that it had; others never left.
   */
  copyMounts(change: () => void): number;
  /** Moves this thread into a new network namespace. */
  newNetwork(): void;
  enterNetwork(fd: number): void;
  /** A TCP socket listening at an IPv4 address, in the network namespace this thread is in. */
  listenTcp(address: string, port: number): number;
  /** A TCP socket on its way to an IPv4 address in the network namespace this thread is in; does not wait. */
  connectTcp(address: string, port: number): number;
  /** `ioctl` on a throw-away socket of the network namespace this thread is in. */
  configureNetwork(attempt: string, request: number, argument: Buffer): void;
  /** `ptrace(2)`; `data` is a number or where something is written or read. */
  trace(attempt: string, request: number, pid: number, data?: number | Buffer): void;
  /** The status of a traced process that has stopped or ended, if it has. Does not wait. */
  stopped(pid: number): number | undefined;
}

/** Undefined where Node.js has no `node:ffi`. */
export function loadLibc(): Libc | undefined {
  const ffi = quietly(() => process.getBuiltinModule('node:ffi') as Ffi | undefined);
  if (!ffi || process.platform !== 'linux') return undefined;
  return bound(ffi);
}

// A system call that works but is still experimental is nothing to tell every user at every start.
function quietly<T>(load: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}

function bound(ffi: Ffi): Libc {
  const { functions: c } = ffi.dlopen(null, signatures);
  const errno = c.__errno_location();
  const must = (result: number, attempt: string): number => {
    if (result >= 0) return result;
    throw new SystemCallError(attempt, ffi.getInt32(errno));
  };
  return {
    mount({ source = 'none', target, type, flags, data }) {
      const result = c.mount(text(source), target, text(type), BigInt(flags), text(data));
      must(result, `mount "${source}" at "${target}"`);
    },
    unmount: (target) => c.umount2(target, MNT_DETACH) === 0,
    mkfifo: (path, mode) => void must(c.mkfifo(path, mode), `make the pipe "${path}"`),
    keepDescriptors: () => void c.close_range(3, 0xffffffff, CLOSE_RANGE_CLOEXEC),
    abandonFileSystem(path) {
      const fd = openSync(path, 'r');
      const result = c.ioctl(fd, EXT4_IOC_SHUTDOWN, WITHOUT_FLUSH);
      closeSync(fd);
      must(result, `abandon the file system at "${path}"`);
    },
    tryLock: (fd) => c.flock(fd, LOCK_EX_NB) === 0,
    copyMounts(change) {
      using back = wayBack(c);
      must(c.unshare(CLONE_NEWNS), 'copy the mount namespace');
      back.needed = true;
      change();
      return openSync(ownMounts, 'r');
    },
    newNetwork: () => void must(c.unshare(CLONE_NEWNET), 'make a network namespace'),
    enterNetwork: (fd) => void must(c.setns(fd, CLONE_NEWNET), 'enter a network namespace'),
    listenTcp(address, port) {
      const fd = must(c.socket(AF_INET, SOCK_STREAM_CLOEXEC, 0), 'open a socket');
      try {
        must(c.bind(fd, socketAddress(address, port), 16), `bind ${address}:${port}`);
        must(c.listen(fd, 511), `listen on ${address}:${port}`);
      } catch (error) {
        c.close(fd);
        throw error;
      }
      return fd;
    },
    connectTcp(address, port) {
      const fd = must(c.socket(AF_INET, SOCK_STREAM_CLOEXEC | SOCK_NONBLOCK, 0), 'open a socket');
      const result = c.connect(fd, socketAddress(address, port), 16);
      const failed = result < 0 ? ffi.getInt32(errno) : 0;
      if (failed === 0 || failed === EINPROGRESS) return fd;
      c.close(fd);
      throw new SystemCallError(`connect to ${address}:${port}`, failed);
    },
    configureNetwork(attempt, request, argument) {
      const fd = must(c.socket(AF_INET, SOCK_STREAM_CLOEXEC, 0), 'open a socket');
      const result = c.ioctl(fd, BigInt(request), argument);
      const failed = result < 0 ? ffi.getInt32(errno) : 0;
      c.close(fd);
      if (failed) throw new SystemCallError(attempt, failed);
    },
    trace(attempt, request, pid, data = 0) {
      const result = c.ptrace(BigInt(request), pid, 0n, typeof data === 'number' ? BigInt(data) : data);
      if (result < 0n) throw new SystemCallError(attempt, ffi.getInt32(errno));
    },
    stopped(pid) {
      const status = Buffer.alloc(4);
      return must(c.waitpid(pid, status, WNOHANG_WALL), `wait for process ${pid}`) === pid
        ? status.readInt32LE()
        : undefined;
    },
  };
}

const ownMounts = '/proc/thread-self/ns/mnt';

/** To enter a mount namespace is to be at its root: where this thread was before is kept open. */
function wayBack({ setns, fchdir, chroot }: WayBack): Disposable & { needed: boolean } {
  const [mounts = -1, root = -1, folder = -1] = [ownMounts, '/', '.'].map((path) => openSync(path, 'r'));
  return {
    needed: false,
    [Symbol.dispose]() {
      const failed =
        this.needed && [setns(mounts, CLONE_NEWNS), fchdir(root), chroot('.'), fchdir(folder)].some(Boolean);
      for (const fd of [mounts, root, folder]) closeSync(fd);
      // Among the mounts of an environment this server would not find its files: rather none than that.
      if (failed) process.abort();
    },
  };
}

interface WayBack {
  setns(fd: number, kind: number): number;
  fchdir(fd: number): number;
  chroot(path: string): number;
}

function text(value: string | undefined): string | null {
  return value ?? null;
}

/** `struct sockaddr_in`: family in the machine's order, port and address in the network's. */
export function socketAddress(address: string, port = 0): Buffer {
  const bytes = Buffer.alloc(16);
  new Uint16Array(bytes.buffer, bytes.byteOffset, 1)[0] = AF_INET;
  bytes.writeUInt16BE(port, 2);
  Buffer.from(address.split('.').map(Number)).copy(bytes, 4);
  return bytes;
}
