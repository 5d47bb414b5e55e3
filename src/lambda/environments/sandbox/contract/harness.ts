/** What the contract's cases share: a kind under test, programs that run in its sandboxes, and a look at the machine. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { systemClock } from '../../../../base/clock.ts';
import { invariant } from '../../../../base/invariant.ts';
import { lineLog, silentLog } from '../../../../observe/log.ts';
import type { KindOptions } from '../options.ts';
import type { ExitReason, Sandbox, SandboxKind, SandboxSpec } from '../sandbox.ts';

export type MakeKind = (options: KindOptions) => SandboxKind;

export interface Finished {
  readonly output: string;
  readonly reason: ExitReason;
}

/** One kind, opened for a suite and closed after it. */
export class Harness {
  readonly folder = mkdtempSync(join(tmpdir(), 'lambent-contract-'));
  readonly kind: SandboxKind;
  readonly #sandboxes = new Set<Sandbox>();
  readonly #awsEndpoint: Server;
  #made = 0;

  /** `awsPort` is where this server's AWS endpoint is on this machine; namespaces find it at the same port of their own. */
  static async open(make: MakeKind): Promise<Harness> {
    const { server, port } = await listen('127.0.0.1', 'aws endpoint');
    return new Harness(make, server, port);
  }

  private constructor(make: MakeKind, awsEndpoint: Server, awsPort: number) {
    this.#awsEndpoint = awsEndpoint;
    const log = process.env.LAMBENT_TEST_LOG
      ? lineLog((line) => process.stderr.write(line), 'debug', systemClock.now)
      : silentLog;
    const doors = {
      runtimeApi: (socket: Socket, id: string) => answer(socket, `runtime api of ${id}`),
      awsEndpoint: (socket: Socket) => answer(socket, 'aws endpoint'),
    };
    this.kind = make({ doors, log, clock: systemClock, awsPort, stateDir: join(this.folder, 'state') });
  }

  spec(program: string, changes: Partial<SandboxSpec> = {}): SandboxSpec {
    return {
      id: `contract-${process.pid}-${this.#made++}`,
      mounts: [{ source: dirname(process.execPath), target: '/var/lang/bin' }],
      command: ['{/var/lang/bin}/node', '--input-type=module', '-e', program],
      environment: { PATH: '/usr/bin:/bin' },
      tmpBytes: 16 << 20,
      network: false,
      ...changes,
    };
  }

  async start(program: string, changes: Partial<SandboxSpec> = {}): Promise<Sandbox> {
    const sandbox = await this.kind.start(this.spec(program, changes));
    this.#sandboxes.add(sandbox);
    return sandbox;
  }

  /** Runs to its end. */
  async run(program: string, changes: Partial<SandboxSpec> = {}): Promise<Finished> {
    return this.finish(await this.start(program, changes));
  }

  async finish(sandbox: Sandbox): Promise<Finished> {
    const [output, reason] = await Promise.all([text(sandbox.output), sandbox.exited]);
    return { output: output.trim(), reason };
  }

  /** A folder with one file, as a function's code is. */
  code(name: string, content: string): string {
    const folder = join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'index.js'), content);
    return folder;
  }

  /** After each case. */
  async sweep(): Promise<void> {
    await Promise.all([...this.#sandboxes].map((sandbox) => sandbox.kill()));
    this.#sandboxes.clear();
  }

  async close(): Promise<void> {
    await this.sweep();
    await this.kind.close();
    this.#awsEndpoint.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function answer(socket: Socket, says: string): void {
  socket.on('error', () => {});
  socket.once('data', () => socket.end(says));
}

/** A server of this machine at an address; what it says must never be read inside. */
export async function listen(address: string, says: string, port = 0): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => answer(socket, says));
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  const bound = server.address();
  invariant(bound !== null && typeof bound === 'object', 'a listening server has an address');
  return { server, port: bound.port };
}

/** Code for inside: prints what a server says, or the error's code, or `timeout`. */
export const connect = (host: string, port: number) => `
  await import('node:net').then(({ connect }) => new Promise((resolve) => {
    const socket = connect({ host: ${JSON.stringify(host)}, port: ${port}, timeout: 1000 });
    socket.on('connect', () => socket.write('hello'));
    const print = (what) => { console.log(String(what)); socket.destroy(); resolve(); };
    socket.on('data', print);
    socket.on('timeout', () => print('timeout'));
    socket.on('error', (error) => print(error.code));
  }));`;

/** Code for inside: `tell(line)` and `heard()` speak over the channel, a line at a time. */
export const channelClient = `
  import { connect as open } from 'node:net';
  import { createInterface } from 'node:readline';
  const channel = open(process.env.LAMBENT_CHANNEL);
  const lines = createInterface({ input: channel })[Symbol.asyncIterator]();
  const tell = (line) => channel.write(line + '\\n');
  const heard = async () => (await lines.next()).value;`;

/** Processes of this machine whose environment holds the text: found however deep in namespaces. */
export function processesWith(marker: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      return pid !== process.pid && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(marker);
    } catch {
      return false;
    }
  });
}
