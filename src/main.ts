/** The program: a command line in, an exit code out. */
import { homedir } from 'node:os';
import { systemClock } from './base/clock.ts';
import type { Outside } from './cli/command.ts';
import { type CommandParts, commandTable } from './cli/commands.ts';
import { run } from './cli/run.ts';

const interrupted = new AbortController();
const outside: Outside = {
  env: process.env,
  home: homedir(),
  stdout: process.stdout,
  stderr: process.stderr,
  get stdin() {
    return process.stdin;
  },
  clock: systemClock,
  signal: interrupted.signal,
};

/** The server is composed in a file of its own, loaded by `up` alone; keys are kept by the store. */
const parts: CommandParts = {
  startServer: async () => (await import('./server.ts')).startServer,
  openKeys: async () => (await import('./store/keys/keys.ts')).openKeys,
};

// The reader of a pipe may leave early, as `head` does; that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 74));

process.exitCode = await run(process.argv.slice(2), commandTable(parts), outside);
