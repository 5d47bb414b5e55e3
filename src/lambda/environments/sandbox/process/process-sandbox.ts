import { constants, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { deferred } from '../../../../base/deferred.ts';
import { Channel } from '../channel.ts';
import { type Companion, Companions } from '../companions.ts';
import { until, whenClosed, within } from '../deadline.ts';
import { exitReason } from '../exit.ts';
import { type Launcher, quote } from '../launcher.ts';
import type { KindOptions } from '../options.ts';
import { resolveCommand, resolveEnvironment } from '../placeholders.ts';
import type { ExitReason, Placement, Sandbox, SandboxSpec } from '../sandbox.ts';
import { launchScript } from './launch-script.ts';
import { ProcessPaths } from './process-paths.ts';

export interface ProcessOptions extends KindOptions {
  readonly folder: string;
  readonly launcher: Launcher;
  ended(sandbox: ProcessSandbox): void;
}

/** What is open for a process beside itself. */
interface Opened {
  readonly channel: Channel;
  readonly runtimeApi: Server;
  readonly output: Socket;
  readonly companions: Companions | undefined;
  /** Of a copy: what whoever watches it has to say. */
  readonly status?: Socket;
}

const startWaitMsMax = 10_000;
const killWaitMsMax = 5_000;
/** How long the children of a dead runtime may take to die of SIGKILL. */
const groupWaitMsMax = 2_000;
/** How long what a dead runtime said last is kept for its reader; a descendant that left the group may hold it open. */
const readWaitMsMax = 5_000;

export async function startProcess(spec: SandboxSpec, options: ProcessOptions): Promise<ProcessSandbox> {
  return opened(spec, options, async (half) => {
    const companions = spec.companions && (await makeCompanions(spec.companions, options));
    const sandbox = new ProcessSandbox(spec, options, { ...half, companions });
    await sandbox.start();
    return sandbox;
  });
}

/** For a process that another one forks: what it has of its own is there when this resolves, and it is to come yet. */
export function awaitProcess(spec: SandboxSpec, options: ProcessOptions, tmp: string): Promise<ProcessSandbox> {
  return opened(spec, options, async (half) => {
    const { folder, launcher } = options;
    await launcher.execute(
      `mkfifo ${quote(join(folder, 'status'))} && cp -a ${quote(`${tmp}/.`)} ${quote(join(folder, 'tmp/'))}`,
    );
    const status = readPipe(join(folder, 'status'));
    return new ProcessSandbox(spec, options, { ...half, companions: undefined, status });
  });
}

type Half = Pick<Opened, 'channel' | 'runtimeApi' | 'output'>;

/** What is opened is closed again when `make` fails. */
async function opened(
  spec: SandboxSpec,
  { folder, launcher, doors }: ProcessOptions,
  make: (half: Half) => Promise<ProcessSandbox>,
): Promise<ProcessSandbox> {
  mkdirSync(join(folder, 'tmp'), { recursive: true, mode: 0o700 });
  const channel = await Channel.listen(join(folder, 'channel'), 0o600);
  const runtimeApi = createServer((socket) => doors.runtimeApi(socket, spec.id));
  try {
    await listenOnLoopback(runtimeApi);
    await launcher.execute(`mkfifo ${quote(join(folder, 'output'))}`);
    // Open before the command starts: what it writes is not lost when it ends at once.
    return await make({ channel, runtimeApi, output: readPipe(join(folder, 'output')) });
  } catch (error) {
    channel.close('the environment did not start');
    runtimeApi.close();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

export class ProcessSandbox implements Sandbox {
  readonly id: string;
  readonly paths: ProcessPaths;
  readonly channel: Promise<Socket>;
  readonly output: Socket;
  readonly exited: Promise<ExitReason>;
  readonly runtimeApi: string;
  readonly awsEndpoint: string;
  readonly companions: Companions | undefined;
  /** After its end: settles when its output and its channel are closed. */
  gone: Promise<void> = Promise.resolve();
  readonly #spec: SandboxSpec;
  readonly #options: ProcessOptions;
  readonly #opened: Opened;
  readonly #started = deferred<number>();
  readonly #exit = deferred<ExitReason>();
  readonly #letGo = deferred<void>();
  #pid = 0;
  #gone = false;
  #frozen = false;
  #peakBytes = 0;
  #killing: Promise<void> | undefined;

  constructor(spec: SandboxSpec, options: ProcessOptions, opened: Opened) {
    this.id = spec.id;
    this.#spec = spec;
    this.#options = options;
    this.#opened = opened;
    this.channel = opened.channel.socket;
    this.output = opened.output;
    this.exited = this.#exit.promise;
    this.companions = opened.companions;
    this.#started.promise.catch(() => {});
    if (opened.status !== undefined) this.#hear(opened.status);
    this.runtimeApi = `127.0.0.1:${portOf(opened.runtimeApi)}`;
    this.awsEndpoint = `http://127.0.0.1:${options.awsPort}`;
    this.paths = new ProcessPaths(spec, options.folder);
  }

  /** As it was started with, for copies. */
  get spec(): SandboxSpec {
    return this.#spec;
  }

  async start(): Promise<void> {
    const { launcher, clock, folder } = this.#options;
    const environment = resolveEnvironment(this.#spec, this, join(folder, 'channel'));
    // AWS has a /tmp of its own for each environment; without one, at least what asks for it finds another.
    environment.TMPDIR ??= this.paths.tmp;
    const command = resolveCommand(this.#spec, this.paths, folder);
    const cwd = this.#spec.code ? this.paths.task : this.paths.tmp;
    launcher.listen(this.id, (words) => this.#notice(words));
    launcher.run(launchScript({ id: this.id, output: join(folder, 'output'), environment, command, cwd }));
    const pid = await within(clock, startWaitMsMax, this.#started.promise);
    if (pid !== undefined) return;
    launcher.unlisten(this.id);
    throw new Error(`Cannot start environment "${this.id}": no process appeared within ${startWaitMsMax} ms`);
  }

  async place(code: Placement): Promise<void> {
    this.paths.place(code);
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

  connect(port: number): Socket {
    return connect({ port, host: '127.0.0.1' });
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

  /** Nobody reads any more. */
  letGo(): void {
    this.#letGo.resolve();
  }

  async #kill(): Promise<void> {
    this.#samplePeak();
    this.#signal('SIGKILL');
    // Nobody watches it any more, so it ends as soon as it is there.
    if (this.#pid === 0) this.#opened.status?.destroy();
    const gone = await within(this.#options.clock, killWaitMsMax, this.exited);
    if (!gone) await this.#ended({ signal: 'SIGKILL' });
    this.#opened.runtimeApi.close();
    this.#opened.status?.destroy();
    this.companions?.close();
    rmSync(this.#options.folder, { recursive: true, force: true });
    this.#options.ended(this);
  }

  #hear(status: Socket): void {
    createInterface({ input: status }).on('line', (line) => this.#notice(line.split(' ')));
    status.once('close', () => this.#notice(['gone']));
  }

  #notice([what, number]: readonly string[]): void {
    if (what === 'started') {
      this.#pid = Number(number);
      this.#started.resolve(this.#pid);
    } else {
      this.#ended(what === 'exit' ? exitReason(Number(number)) : { signal: 'SIGKILL' });
    }
  }

  async #ended(reason: ExitReason): Promise<void> {
    if (this.#gone) return;
    // The runtime is gone, its children may not be: the group dies with its leader.
    this.#signal('SIGKILL');
    this.#gone = true;
    this.#options.launcher.unlisten(this.id);
    this.#started.reject(new Error(`Cannot start environment "${this.id}": the launcher is gone`));
    this.#opened.channel.close(`Environment "${this.id}" ended before its runtime connected`);
    this.gone = this.#linger();
    await until(this.#options.clock, groupWaitMsMax, 2, () => this.#pid === 0 || !signalProcess(-this.#pid, 0));
    this.#exit.resolve(reason);
  }

  async #linger(): Promise<void> {
    const open = [this.output, this.#opened.channel.connected].filter((socket) => socket !== undefined);
    const closed = Promise.all(open.map(whenClosed));
    await within(this.#options.clock, readWaitMsMax, Promise.race([closed, this.#letGo.promise]));
    for (const socket of open) socket.destroy();
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#gone || this.#pid === 0) return;
    // In its first moment the runtime has no group of its own yet, and is alone.
    if (!signalProcess(-this.#pid, signal)) signalProcess(this.#pid, signal);
  }

  #samplePeak(): void {
    if (this.#gone || this.#pid === 0) return;
    const pid = this.companions?.commandPid ?? this.#pid;
    this.#peakBytes = Math.max(this.#peakBytes, peakResidentBytes(pid));
  }
}

async function makeCompanions(companions: readonly Companion[], options: ProcessOptions): Promise<Companions> {
  const { folder, launcher } = options;
  const paths = Companions.pipes(companions).map((name) => quote(join(folder, name)));
  await launcher.execute(`mkfifo ${paths.join(' ')}`);
  return new Companions(folder, companions);
}

function readPipe(path: string): Socket {
  const socket = new Socket({ fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), writable: false });
  socket.on('error', () => {});
  return socket;
}

function listenOnLoopback(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

/** False when there is no such process (any more), which every signal of ours wants or can live with. */
function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
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
