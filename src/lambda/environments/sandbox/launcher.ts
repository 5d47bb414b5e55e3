/**
 * The launcher: a `/bin/sh` that reads commands from a pipe and does all spawning. It stands between the server and the
 * environments for three reasons:
 *
 * - forking a process with a large heap stops its event loop (0.75 ms at 60 MB, 44 ms at 1 GB): a shell forks in 0.2 ms;
 * - it sees the end of the pipe when the server dies, even by `kill -9`, and then ends everything it started;
 * - a second Node.js for this would cost 45 MB; a shell costs one.
 *
 * Everything that reaches it is made by this program and quoted by `quote`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { deferred } from '../../../base/deferred.ts';
import type { Log } from '../../../observe/log.ts';

export interface LauncherOptions {
  /** Shell code that runs when the server is gone or has closed the launcher. */
  readonly lastWords: string;
  readonly log: Log;
}

const prologue = (lastWords: string) => `
set -f
umask 022
ulimit -c 0
trap : TERM INT HUP
trap ${quote(lastWords)} EXIT
`;

export class Launcher {
  readonly #shell: ChildProcess;
  readonly #listeners = new Map<string, (words: readonly string[]) => void>();
  readonly #ended = deferred<void>();
  #alive = true;
  #calls = 0;

  constructor(options: LauncherOptions) {
    this.#shell = spawn('/bin/sh', ['-s'], {
      cwd: '/',
      detached: true,
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#shell.once('error', (error) => this.#gone(options.log, error.message));
    this.#shell.once('exit', (code, signal) => this.#gone(options.log, `it ended with ${signal ?? `code ${code}`}`));
    this.#shell.stdin?.on('error', () => {});
    this.#read(options.log);
    this.run(prologue(options.lastWords));
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Hands shell code over; it runs in order. Anything that takes time belongs into `( … ) &`. */
  run(code: string): void {
    this.#shell.stdin?.write(`${code}\n`);
  }

  /** Runs code and waits for its end; rejects with what it printed when it fails. */
  execute(code: string): Promise<void> {
    if (!this.#alive) return Promise.reject(new Error('Cannot prepare environments: the launcher is gone'));
    const name = `call-${this.#calls++}`;
    return new Promise((resolve, reject) => {
      this.listen(name, ([status, ...says]) => {
        this.unlisten(name);
        if (status === '0') resolve();
        else reject(new Error(`Cannot prepare environments: ${says.join(' ') || `the launcher says ${status}`}`));
      });
      // Without quotes around $m: many lines become one.
      this.run(`( m=$( ( ${code}\n) 2>&1 ); echo ${name} $? $m ) &`);
    });
  }

  /** The exit status of a child of the shell that is about to end, as shells count: 128 + signal. */
  wait(pid: number): Promise<number> {
    const killed = 128 + constants.signals.SIGKILL;
    if (!this.#alive) return Promise.resolve(killed);
    const name = `waited-${pid}`;
    return new Promise((resolve) => {
      this.listen(name, ([status]) => {
        this.unlisten(name);
        resolve(status === 'gone' ? killed : Number(status));
      });
      this.run(`wait ${pid}; echo ${name} $?`);
    });
  }

  /** Calls back for each notice `name word …` that the shell prints, and with the single word `gone` when it is no more. */
  listen(name: string, listener: (words: readonly string[]) => void): void {
    this.#listeners.set(name, listener);
  }

  unlisten(name: string): void {
    this.#listeners.delete(name);
  }

  /** Runs the last words and waits for the end of the shell. */
  async close(): Promise<void> {
    this.#shell.stdin?.end();
    await this.#ended.promise;
  }

  #read(log: Log): void {
    const { stdout, stderr } = this.#shell;
    if (stdout) createInterface({ input: stdout }).on('line', (line) => this.#notice(line));
    if (stderr) createInterface({ input: stderr }).on('line', (line) => log.debug('launcher', { says: line }));
  }

  #notice(line: string): void {
    const [name, ...words] = line.split(' ');
    if (name) this.#listeners.get(name)?.(words);
  }

  #gone(log: Log, why: string): void {
    if (!this.#alive) return;
    this.#alive = false;
    log.debug('launcher ended', { why });
    for (const listener of [...this.#listeners.values()]) listener(['gone']);
    this.#listeners.clear();
    this.#ended.resolve();
  }
}

/** One word of shell code, whatever it holds. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
