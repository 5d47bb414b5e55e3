/** A real server in a process of its own: started as a user starts it, and gone again whatever the test did. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const program = join(import.meta.dirname, '../../bin/lambent');
const readyWaitMsMax = 30_000;
const stopWaitMsMax = 45_000;

export interface Server extends AsyncDisposable {
  readonly endpoint: string;
  readonly dataDir: string;
  readonly pid: number;
  /** Standard error so far. */
  log(): string;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number>;
  /** As a power failure of the process: no word, no clean-up. */
  kill9(): Promise<void>;
}

export interface ServerOptions {
  readonly dataDir?: string;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** On a free port; with a data folder of its own unless it is given one. */
export async function startServer({ dataDir, flags = [], env = {} }: ServerOptions = {}): Promise<Server> {
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'lambent-test-'));
  const child = spawn(program, ['up', '--port', '0', '--data', folder, ...flags], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += chunk;
  });
  const exited = once(child, 'exit').then(([code, signal]) => Number(code ?? (signal === null ? 0 : 128)));
  const endpoint = await readyLine(child, exited, () => log);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), stopWaitMsMax);
    const code = await exited;
    clearTimeout(late);
    return code;
  };
  return {
    endpoint,
    dataDir: folder,
    pid: child.pid ?? 0,
    log: () => log,
    stop: () => end('SIGTERM'),
    kill9: async () => void (await end('SIGKILL')),
    async [Symbol.asyncDispose]() {
      await end('SIGTERM');
      if (dataDir === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A start that is expected to fail: its exit code and what it said. */
export async function failToStart(args: readonly string[]): Promise<{ code: number; said: string }> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said += chunk;
    });
  }
  const late = setTimeout(() => child.kill('SIGKILL'), readyWaitMsMax);
  const [code] = await once(child, 'close');
  clearTimeout(late);
  return { code: Number(code), said };
}

async function readyLine(child: ChildProcess, exited: Promise<number>, log: () => string): Promise<string> {
  if (child.stdout === null) throw new Error('The server has no standard output');
  const lines = createInterface({ input: child.stdout });
  const late = setTimeout(() => child.kill('SIGKILL'), readyWaitMsMax);
  try {
    const first = once(lines, 'line').then(([line]) => String(line));
    const line = await Promise.race([
      first,
      exited.then((code) => Promise.reject(new Error(`exit ${code}: ${log()}`))),
    ]);
    const url = /^ready (https?:\/\/\S+)$/.exec(line)?.[1];
    if (url === undefined) throw new Error(`The server's first line is not the promised one: ${line}`);
    return url;
  } finally {
    clearTimeout(late);
  }
}
