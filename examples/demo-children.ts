/** Programs that the demo starts: all of them are gone when it ends, however it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const readyMsMax = 30_000;
const stopMsMax = 15_000;

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ServeOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
}

export class Children {
  readonly #running = new Set<ChildProcess>();

  /** Runs a program to its end and keeps what it prints. */
  run(command: string, args: readonly string[], options: { cwd: string; env?: NodeJS.ProcessEnv }): Promise<Outcome> {
    const child = this.#start(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const text = { stdout: '', stderr: '' };
    child.stdout?.on('data', (chunk) => (text.stdout += chunk));
    child.stderr?.on('data', (chunk) => (text.stderr += chunk));
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ code: code ?? 1, ...text }));
    });
  }

  /** Starts the server; resolves with its URL once it says that it is ready. Its log goes to `logFile`. */
  async serve(command: string, args: readonly string[], options: ServeOptions): Promise<string> {
    const { cwd, env, logFile } = options;
    const log = openSync(logFile, 'w');
    const child = this.#start(command, args, { cwd, env, stdio: ['ignore', 'pipe', log] });
    closeSync(log);
    const ended = new Promise<never>((_, reject) => {
      child.on('error', reject);
      child.on('exit', (code) => reject(new Error(`The server ended with code ${code}:\n${readFileSync(logFile)}`)));
    });
    ended.catch(() => {});
    const late = sleep(readyMsMax, undefined, { ref: false }).then(() => {
      throw new Error(`The server was not ready after ${readyMsMax / 1000} s:\n${readFileSync(logFile)}`);
    });
    late.catch(() => {});
    return Promise.race([readyUrl(child), ended, late]);
  }

  /** Asks every program to end, in the order opposite to their start, and makes it when it does not. */
  async stop(): Promise<void> {
    for (const child of [...this.#running].reverse()) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGTERM');
      await Promise.race([gone, sleep(stopMsMax, undefined, { ref: false })]);
      child.kill('SIGKILL');
    }
  }

  #start(command: string, args: readonly string[], options: Parameters<typeof spawn>[2]): ChildProcess {
    // A session of its own: Ctrl-C reaches the demo alone, which then stops the others one by one.
    const child = spawn(command, [...args], { ...options, detached: true });
    this.#running.add(child);
    child.on('exit', () => this.#running.delete(child));
    return child;
  }
}

async function readyUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('The server has no standard output');
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = /^ready (http:\S+)$/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  return new Promise(() => {});
}
