import { constants, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server, Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { deferred } from '../../../../base/deferred.ts';
import { invariant } from '../../../../base/invariant.ts';
import { Channel } from '../channel.ts';
import { within } from '../deadline.ts';
import { exitReason } from '../exit.ts';
import { type Launcher, quote } from '../launcher.ts';
import type { KindOptions } from '../options.ts';
import { resolveCommand, resolveEnvironment } from '../placeholders.ts';
import type { ExitReason, Placement, Sandbox, SandboxPaths, SandboxSpec } from '../sandbox.ts';

interface ProcessOptions extends KindOptions {
  readonly folder: string;
  readonly launcher: Launcher;
  ended(): void;
}

const startWaitMsMax = 10_000;
const killWaitMsMax = 5_000;
/** How long a descendant that left the process group may hold the output open after the runtime is gone. */
const outputWaitMsMax = 1_000;

export async function startProcess(spec: SandboxSpec, options: ProcessOptions): Promise<Sandbox> {
  const opened = new Opened(options.folder);
  try {
    mkdirSync(join(options.folder, 'tmp'), { recursive: true, mode: 0o700 });
    opened.channel = await Channel.listen(join(options.folder, 'channel'), 0o600);
    opened.runtimeApi = createServer((socket) => options.doors.runtimeApi(socket, spec.id));
    const port = await listenOnLoopback(opened.runtimeApi);
    const sandbox = new ProcessSandbox(spec, options, opened, port);
    await sandbox.start();
    return sandbox;
  } catch (error) {
    opened.close('the environment did not start');
    throw error;
  }
}

/** What must be closed again, however far the start came. */
class Opened {
  channel: Channel | undefined;
  runtimeApi: Server | undefined;
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  close(why: string): void {
    this.channel?.close(why);
    this.runtimeApi?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

class ProcessSandbox implements Sandbox {
  readonly id: string;
  readonly paths: SandboxPaths;
  readonly channel: Promise<Socket>;
  readonly exited: Promise<ExitReason>;
  readonly runtimeApi: string;
  readonly awsEndpoint: string;
  output: Readable;
  readonly #spec: SandboxSpec;
  readonly #options: ProcessOptions;
  readonly #opened: Opened;
  readonly #started = deferred<number>();
  readonly #exit = deferred<ExitReason>();
  readonly #placed: { task: string; opt: string };
  #pid = 0;
  #gone = false;
  #frozen = false;
  #peakBytes = 0;
  #killing: Promise<void> | undefined;

  constructor(spec: SandboxSpec, options: ProcessOptions, opened: Opened, runtimeApiPort: number) {
    invariant(opened.channel, 'a process sandbox has a channel before it starts');
    this.id = spec.id;
    this.#spec = spec;
    this.#options = options;
    this.#opened = opened;
    this.channel = opened.channel.socket;
    this.exited = this.#exit.promise;
    this.output = new Socket();
    this.runtimeApi = `127.0.0.1:${runtimeApiPort}`;
    this.awsEndpoint = `http://127.0.0.1:${options.awsPort}`;
    const nothing = join(options.folder, 'nothing');
    this.#placed = { task: spec.code?.task ?? nothing, opt: spec.code?.opt ?? nothing };
    this.paths = this.#whereThingsAre();
  }

  async start(): Promise<void> {
    const { launcher, clock } = this.#options;
    launcher.listen(this.id, (words) => this.#notice(words));
    launcher.run(`(mkfifo ${quote(this.#file('output'))} && echo ${this.id} made || echo ${this.id} exit 1) &`);
    const pid = await within(clock, startWaitMsMax, this.#started.promise);
    if (pid === undefined) {
      launcher.unlisten(this.id);
      throw new Error(`Cannot start environment "${this.id}": no process appeared within ${startWaitMsMax} ms`);
    }
  }

  async place(code: Placement): Promise<void> {
    this.#placed.task = code.task;
    this.#placed.opt = code.opt ?? this.#placed.opt;
  }

  setMemoryLimit(): void {}

  setCpuLimit(): void {}

  freeze(): void {
    if (this.#frozen) return;
    this.#samplePeak();
    this.#signal('SIGSTOP');
    this.#frozen = true;
  }

  thaw(): void {
    if (!this.#frozen) return;
    this.#frozen = false;
    this.#signal('SIGCONT');
  }

  terminate(): void {
    this.thaw();
    if (!this.#gone && this.#pid > 0) signalProcess(this.#pid, 'SIGTERM');
  }

  kill(): Promise<void> {
    this.#killing ??= this.#kill();
    return this.#killing;
  }

  memoryPeak(): number {
    this.#samplePeak();
    return this.#peakBytes;
  }

  outOfMemoryKills(): number {
    return 0;
  }

  async #kill(): Promise<void> {
    this.#samplePeak();
    this.#signal('SIGKILL');
    const gone = await within(this.#options.clock, killWaitMsMax, this.exited);
    if (!gone) this.#ended({ signal: 'SIGKILL' });
    this.#opened.close(`Environment "${this.id}" was killed`);
    this.#options.ended();
  }

  #notice([what, word]: readonly string[]): void {
    if (what === 'made') this.#spawn();
    else if (what === 'started') this.#startedAs(Number(word));
    else if (what === 'exit') this.#ended(exitReason(Number(word)));
    else if (what === 'gone') this.#ended({ signal: 'SIGKILL' });
  }

  /** The read end is open before the command starts: what it writes first is not lost when it ends at once. */
  #spawn(): void {
    const fifo = this.#file('output');
    const output = new Socket({ fd: openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK), writable: false });
    output.on('error', () => {});
    this.output = output;
    const environment = resolveEnvironment(this.#spec, this.paths, this.#file('channel'));
    // AWS has a /tmp of its own for each environment; without one, at least what asks for it finds another.
    environment.TMPDIR ??= this.paths.tmp;
    const assignments = Object.entries(environment).map(([name, value]) => quote(`${name}=${value}`));
    const command = ['exec', 'env', '-i', ...assignments, ...resolveCommand(this.#spec, this.paths).map(quote)];
    this.#options.launcher.run(launchScript({ id: this.id, fifo, command: command.join(' '), cwd: this.#cwd() }));
  }

  #startedAs(pid: number): void {
    this.#pid = pid;
    this.#started.resolve(pid);
  }

  #ended(reason: ExitReason): void {
    if (this.#gone) return;
    // The runtime is gone, its children may not be: the group dies with its leader.
    this.#signal('SIGKILL');
    this.#gone = true;
    this.#options.launcher.unlisten(this.id);
    this.#started.reject(new Error(`Cannot start environment "${this.id}": the launcher could not make its files`));
    this.#started.promise.catch(() => {});
    this.#opened.channel?.close(`Environment "${this.id}" ended before its runtime connected`);
    this.#options.clock.after(outputWaitMsMax, () => this.output.destroy());
    this.#exit.resolve(reason);
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#gone || this.#pid === 0) return;
    // In its first moment the runtime has no group of its own yet, and is alone.
    if (!signalProcess(-this.#pid, signal)) signalProcess(this.#pid, signal);
  }

  #samplePeak(): void {
    if (this.#gone || this.#pid === 0) return;
    this.#peakBytes = Math.max(this.#peakBytes, peakResidentBytes(this.#pid));
  }

  #file(name: string): string {
    return join(this.#options.folder, name);
  }

  #cwd(): string {
    return this.#spec.code ? this.#placed.task : this.paths.tmp;
  }

  #whereThingsAre(): SandboxPaths {
    const placed = this.#placed;
    const tmp = this.#file('tmp');
    const { mounts } = this.#spec;
    return {
      get task() {
        return placed.task;
      },
      get opt() {
        return placed.opt;
      },
      tmp,
      at(target) {
        if (target === '/var/task') return placed.task;
        if (target === '/opt') return placed.opt;
        if (target === '/tmp') return tmp;
        return mounts.find((mount) => mount.target === target)?.source ?? target;
      },
    };
  }
}

/**
 * A subshell stays as long as the runtime does, to report its end and to kill its group when the launcher says so. Where
 * `setsid` is missing (macOS), job control gives the runtime at least a process group of its own.
 */
function launchScript(run: { id: string; fifo: string; command: string; cwd: string }): string {
  const start = `cd ${quote(run.cwd)} 2>/dev/null; ${run.command}`;
  const redirect = `</dev/null >${quote(run.fifo)} 2>&1`;
  return `(
    trap 'kill -KILL -$p $p 2>/dev/null; exit' TERM
    if command -v setsid >/dev/null; then setsid sh -c ${quote(start)} ${redirect} & p=$!
    else set -m; sh -c ${quote(start)} ${redirect} & p=$!; set +m; fi
    echo ${run.id} started $p
    wait $p
    echo ${run.id} exit $?
  ) &`;
}

function listenOnLoopback(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address !== null && typeof address === 'object') resolve(address.port);
    });
  });
}

/** False when there is no such process (any more), which every signal of ours wants or can live with. */
function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Only Linux tells the peak of another process; elsewhere 0, and the bill shows no memory. */
function peakResidentBytes(pid: number): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}
