/** Programs that the bench starts. Each leads a process group of its own, which is gone when the bench ends, however it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const stopMsMax = 10_000;

export interface StartOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Where its standard error goes, and its standard output after the line that says it is ready. */
  readonly logFile: string;
  /** On standard output or standard error: it can serve. Its first group is what `start` resolves with. */
  readonly readyLine: RegExp;
  readonly readyMsMax: number;
}

export interface Started {
  readonly pid: number;
  /** What the ready line's first group matched. */
  readonly said: string;
  /** From spawning to the ready line. */
  readonly readyMs: number;
  stop(): Promise<void>;
}

export class Children {
  readonly #running = new Set<ChildProcess>();
  #closed = false;

  async start(command: string, args: readonly string[], options: StartOptions): Promise<Started> {
    if (this.#closed) throw new Error(`Cannot start ${command}: its case is over`);
    const log = openSync(options.logFile, 'w');
    const spawnedAt = performance.now();
    const child = spawn(command, [...args], {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', log],
      detached: true,
    });
    closeSync(log);
    this.adopt(child);
    const said = await Promise.race([
      readyLine(child, options.readyLine),
      ended(child),
      late(options.readyMsMax),
    ]).catch(async (error: Error) => {
      await this.#stop(child);
      throw new Error(`${command} ${error.message}:\n${readFileSync(options.logFile, 'utf8').slice(-2000)}`);
    });
    return { pid: child.pid ?? 0, said, readyMs: performance.now() - spawnedAt, stop: () => this.#stop(child) };
  }

  /** Makes a child one of those that `stop` ends. It must lead its process group. */
  adopt(child: ChildProcess): void {
    this.#running.add(child);
    child.once('exit', () => this.#running.delete(child));
    child.on('error', () => this.#running.delete(child));
    if (this.#closed) void this.#stop(child);
  }

  /** Ends all, and whatever is still being started: a case that was abandoned does not know it yet. */
  close(): Promise<void> {
    this.#closed = true;
    return this.stop();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#running].map((child) => this.#stop(child)));
  }

  async #stop(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    signalGroup(child.pid, 'SIGTERM');
    await Promise.race([gone, sleep(stopMsMax, undefined, { ref: false })]);
    signalGroup(child.pid, 'SIGKILL');
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The whole group is gone.
  }
}

async function readyLine(child: ChildProcess, pattern: RegExp): Promise<string> {
  if (child.stdout === null) throw new Error('has no standard output');
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const [whole, group] = pattern.exec(line) ?? [];
    if (whole === undefined) continue;
    // Keep reading, or a full pipe would stop the program.
    child.stdout.resume();
    return group ?? whole;
  }
  return new Promise(() => {});
}

function ended(child: ChildProcess): Promise<never> {
  return new Promise((_, reject) => {
    child.once('error', (error) => reject(new Error(`did not start: ${error.message}`)));
    child.once('exit', (code, signal) => reject(new Error(`ended with ${signal ?? `code ${code}`}`)));
  });
}

async function late(ms: number): Promise<never> {
  await sleep(ms, undefined, { ref: false });
  throw new Error(`was not ready after ${ms / 1000} s`);
}
