/**
 * A cell is an environment before anybody needs it: a network slot, a control group, a folder, and a shell of the cell's
 * own user that already sits in both and waits to become bubblewrap. What is slow (the first process in a control group
 * waits 7–14 ms for the kernel) has then happened; a start only hands over arguments.
 */

import {
  chmodSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Clock } from '../../../../base/clock.ts';
import { deferred } from '../../../../base/deferred.ts';
import { invariant } from '../../../../base/invariant.ts';
import type { Log } from '../../../../observe/log.ts';
import { Channel } from '../channel.ts';
import { until, whenClosed, within } from '../deadline.ts';
import { exitReason } from '../exit.ts';
import { type Launcher, quote } from '../launcher.ts';
import type { ExitReason } from '../sandbox.ts';
import { descriptors } from './arguments.ts';
import { type Cgroup, killProcess } from './cgroup/cgroup.ts';
import { removeBerth } from './copy/berth.ts';
import type { Disk, Disks } from './disks.ts';
import type { Libc } from './libc.ts';
import type { MountView, MountViews } from './mount-views.ts';
import type { NetworkSlot } from './network/slot.ts';
import { readableByOthers } from './readable.ts';

export interface CellOptions {
  readonly libc: Libc;
  readonly launcher: Launcher;
  readonly clock: Clock;
  readonly log: Log;
  readonly cgroup: Cgroup;
  readonly folder: string;
  readonly disks: Disks;
  readonly tmpBytes: number;
  /** Absent where a process that runs already moves in: it comes with its own network and user. */
  readonly shell?: ShellOptions;
}

interface ShellOptions {
  readonly slot: NetworkSlot;
  /** Host user of its own, and the group that all environments of this server share to pass its folders. */
  readonly user: number;
  readonly group: number;
  readonly bubblewrap: string;
  readonly seccompFile: string;
  readonly views: MountViews;
}

const readyWaitMsMax = 10_000;
const startWaitMsMax = 10_000;
const killWaitMsMax = 5_000;
/** How long what a dead environment said last is kept for its reader. */
const readWaitMsMax = 5_000;
const cleanWaitMsMax = 5_000;
/** What a pipe holds: the arguments are written without waiting for their reader. */
const argumentBytesMax = 65_536;

export class Cell {
  readonly options: CellOptions;
  readonly output: Socket;
  readonly channel: Channel;
  readonly exited: Promise<ExitReason>;
  /** Of a process that moves in: known when it has. */
  slot: NetworkSlot | undefined;
  /** After `destroy`: settles when its output and its channel are closed. */
  gone: Promise<void> = Promise.resolve();
  readonly #orders: number | undefined;
  readonly #ready = deferred<void>();
  readonly #started = deferred<number>();
  readonly #exit = deferred<ExitReason>();
  readonly #letGo = deferred<void>();
  #view: MountView | undefined;
  #shellPid: number | undefined;
  #firstPid: number | undefined;
  #disk: Disk | undefined;
  #inUse = false;
  #hasEnded = false;
  #reported: ExitReason | undefined;

  private constructor(options: CellOptions, channel: Channel) {
    this.options = options;
    this.channel = channel;
    this.exited = this.#exit.promise;
    this.#started.promise.catch(() => {});
    this.#ready.promise.catch(() => {});
    const { libc, launcher, shell } = options;
    this.slot = shell?.slot;
    const places = shell === undefined ? pipesOfCopy : pipes;
    for (const [name, mode] of Object.entries(places)) makePipe(libc, this.#file(name), mode);
    const [output, status] = shell === undefined ? ['run/output', 'run/status'] : ['output', 'status'];
    this.output = readPipe(this.#file(output));
    const said = readPipe(this.#file(status));
    if (shell !== undefined) {
      this.#orders = openSync(this.#file('orders'), constants.O_RDWR | constants.O_NONBLOCK);
      this.#view = shell.views.open(options.folder);
      launcher.run(this.#waitingShell(shell, this.#view));
    }
    createInterface({ input: said }).on('line', (line) => this.#hear(line));
    said.once('close', () => this.#ended());
  }

  static async make(options: CellOptions): Promise<Cell> {
    readableByOthers(() => {
      for (const name of folders) mkdirSync(join(options.folder, name));
    });
    const channel = await Channel.listen(join(options.folder, 'run', 'channel'), 0o666);
    const cell = new Cell(options, channel);
    try {
      await cell.#prepare();
      return cell;
    } catch (error) {
      await cell.destroy('it did not become ready');
      throw error;
    }
  }

  /** Nobody reads any more: closes what is still open of a destroyed cell. */
  letGo(): void {
    this.#letGo.resolve();
  }

  get alive(): boolean {
    return !this.#hasEnded && this.options.launcher.alive;
  }

  /** Named pipes that the environment sees beside its channel; the folder that they are in. */
  makePipes(names: readonly string[]): string {
    for (const name of names) makePipe(this.options.libc, join(this.#file('run'), name), 0o666);
    return this.#file('run');
  }

  /** A further folder of the cell, to mount something at. */
  makePlace(name: string): string {
    const place = this.#file(name);
    readableByOthers(() => mkdirSync(place));
    return place;
  }

  /** A process has moved in, that has this number outside and is the first inside. */
  movedIn(pid: number, slot: NetworkSlot): void {
    this.#inUse = true;
    this.#firstPid = pid;
    this.slot = slot;
  }

  /** Lets the shell become bubblewrap. Resolves with the process id of the first process inside. */
  async start(options: readonly string[], command: readonly string[]): Promise<number> {
    const { arguments: fd, status, seccomp } = descriptors;
    const fixed = `--args ${fd} --json-status-fd ${status} --seccomp ${seccomp} --`;
    const line = `${fixed} ${command.map(quoteOnOneLine).join(' ')}\n`;
    const orders = Buffer.from(line + options.map((option) => `${option}\0`).join(''));
    if (orders.length > argumentBytesMax) {
      throw new Error(
        `Cannot start an environment: its arguments take ${orders.length} bytes, more than ${argumentBytesMax}`,
      );
    }
    invariant(this.#orders !== undefined, 'only a cell with a shell is started');
    this.#inUse = true;
    writeSync(this.#orders, orders);
    closeSync(this.#orders);
    const pid = await within(this.options.clock, startWaitMsMax, this.#started.promise);
    if (pid === undefined) throw new Error(`Cannot start an environment: nothing ran within ${startWaitMsMax} ms`);
    return pid;
  }

  /** Kills everything inside and waits for its end; the control group can still be read. */
  async kill(): Promise<void> {
    const { cgroup, clock, log } = this.options;
    if (!cgroup.killAll()) this.#killByNumber();
    if (this.options.shell === undefined) this.#endStatus();
    const gone = await within(clock, killWaitMsMax, this.exited);
    if (!gone) log.error('Killed an environment, but it does not end', { folder: this.options.folder });
  }

  /** Kills and removes everything but the network slot, which is ready for the next when this resolves. */
  async destroy(why: string): Promise<void> {
    const { cgroup, clock, libc, folder, log } = this.options;
    await this.kill();
    this.channel.close(why);
    this.gone = this.#linger();
    await this.slot?.vacate();
    try {
      await this.#disk?.remove();
      removeFiles(libc, folder);
      const removed = await until(clock, cleanWaitMsMax, 5, () => cgroup.remove());
      if (!removed)
        log.error('Cannot remove the control group of an environment: something is still in it', { folder });
    } catch (error) {
      log.error('Cannot remove what an environment left', { folder, why: String(error) });
    }
  }

  /** The first process of a process namespace takes all others with it; before there is one, there is only the shell. */
  #killByNumber(): void {
    if (this.#hasEnded) return;
    const pid = this.#firstPid ?? this.#shellPid;
    if (pid !== undefined) killProcess(pid);
  }

  /**
   * A pipe that nobody has opened yet has no end: whoever was to move in may never have done so. For both ways, since its
   * reader may just have closed it, and then there would be nobody to write to.
   */
  #endStatus(): void {
    if (!this.#hasEnded) closeSync(openSync(this.#file('run/status'), constants.O_RDWR | constants.O_NONBLOCK));
  }

  /** What it said last stays readable for a while; nobody has to read it. */
  async #linger(): Promise<void> {
    const open = [this.output, this.channel.connected].filter((socket) => socket !== undefined);
    const closed = Promise.all(open.map(whenClosed));
    await within(this.options.clock, readWaitMsMax, Promise.race([closed, this.#letGo.promise]));
    for (const socket of open) socket.destroy();
  }

  async #prepare(): Promise<void> {
    const { clock, disks, tmpBytes } = this.options;
    this.#disk = await disks.mount(this.#file('tmp'), tmpBytes);
    if (this.options.shell === undefined) return;
    const ready = this.#ready.promise.then(() => true);
    if (await within(clock, readyWaitMsMax, ready)) return;
    throw new Error(`Cannot prepare an environment: its shell did not answer within ${readyWaitMsMax} ms`);
  }

  /** What runs until the orders come: enters the group and the network as root, then is nobody, then waits. */
  #waitingShell({ slot, user, group, bubblewrap, seccompFile }: ShellOptions, view?: MountView): string {
    const { cgroup } = this.options;
    const { arguments: fd, status, seccomp } = descriptors;
    const mounts = view === undefined ? '' : `--mount=${quote(view.path)}`;
    const wait = [
      `n='\n'`,
      `echo "ready $$" >&${status}`,
      `IFS= read -r line <&${fd} || exit`,
      `eval "exec ${bubblewrap} $line"`,
    ].join('\n');
    return `(
      ${cgroup.entrances.map((file) => `echo 0 >${quote(file)} || exit`).join('\n')}
      echo 500 >/proc/self/oom_score_adj
      ulimit -n 1024
      exec nsenter --net=${quote(slot.path)} ${mounts} --setgid ${group} --setuid ${user} /bin/sh -c ${quote(wait)}
    ) </dev/null ${fd}<${quote(this.#file('orders'))} ${status}>${quote(this.#file('status'))} ${seccomp}<${quote(seccompFile)} >${quote(this.#file('output'))} 2>&1 &`;
  }

  /** Lines of the shell and of bubblewrap: `ready 12`, `{"child-pid": 34, …}`, `{"exit-code": 0}`; of a copy, `exit 0`. */
  #hear(line: string): void {
    const [word, number] = line.split(' ');
    if (word === 'ready') {
      this.#shellPid = Number(number);
      this.#view?.[Symbol.dispose]();
      this.#ready.resolve();
      return;
    }
    if (word === 'exit') this.#reported = exitReason(Number(number));
    const pid = /"child-pid": (\d+)/.exec(line)?.[1];
    if (pid) {
      this.#firstPid = Number(pid);
      this.#started.resolve(this.#firstPid);
    }
    const status = /"exit-code": (\d+)/.exec(line)?.[1];
    if (status) this.#reported = exitReason(Number(status));
  }

  #ended(): void {
    this.#hasEnded = true;
    this.#view?.[Symbol.dispose]();
    const why = new Error(`Cannot start an environment: its process ended at once${this.#lastWords()}`);
    this.#ready.reject(why);
    this.#started.reject(why);
    this.#bury().then((reason) => this.#exit.resolve(reason));
  }

  /** Nobody else reads the output of a cell that nobody has. */
  #lastWords(): string {
    if (this.#inUse) return '';
    const said: unknown = this.output.read();
    return said instanceof Buffer ? `, saying: ${said.toString().trim()}` : '';
  }

  /** A shell keeps the dead until someone asks for them; it also knows how bubblewrap ended if that could not say itself. */
  async #bury(): Promise<ExitReason> {
    const pid = this.#shellPid;
    const status = pid === undefined ? Promise.resolve(killed) : this.options.launcher.wait(pid);
    if (this.#reported) return this.#reported;
    // It was killed with all others, of whom some may be dying still.
    const { cgroup, clock } = this.options;
    await until(clock, killWaitMsMax, 2, () => cgroup.processes().length === 0);
    return exitReason(await status);
  }

  #file(name: string): string {
    return join(this.options.folder, name);
  }
}

/** One by one: deleting a tree could follow a mount that stayed to somebody's files. */
function removeFiles(libc: Libc, folder: string): void {
  for (const name of ['task', 'opt']) libc.unmount(join(folder, name));
  for (const name of readdirSync(folder).filter((entry) => /^place\d+$/.test(entry))) {
    libc.unmount(join(folder, name));
    rmdirSync(join(folder, name));
  }
  removeBerth(libc, folder);
  for (const name of readdirSync(join(folder, 'run'))) rmSync(join(folder, 'run', name), { force: true });
  for (const name of Object.keys(pipes)) rmSync(join(folder, name), { force: true });
  for (const name of folders.toReversed()) rmdirSync(join(folder, name));
}

/** The cell's own, and what is shown of it inside. */
const folders = ['', 'run', 'task', 'opt', 'tmp'];

/** Programs open /dev/stdout again by its name, so the other user must be allowed to write there. */
const pipes = { orders: 0o600, status: 0o600, output: 0o622 } as const;
/** A copy opens its own, from inside. */
const pipesOfCopy = { 'run/status': 0o622, 'run/output': 0o622 } as const;

/** As shells count: 128 + SIGKILL. */
const killed = 137;

function makePipe(libc: Libc, path: string, mode: number): void {
  libc.mkfifo(path, mode);
  chmodSync(path, mode);
}

function readPipe(path: string): Socket {
  const socket = new Socket({ fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), writable: false });
  socket.on('error', () => {});
  return socket;
}

/** The shell reads one line; `n` holds what would end it. */
function quoteOnOneLine(word: string): string {
  return quote(word).replaceAll('\n', `'"$n"'`);
}
